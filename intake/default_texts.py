"""The first wording of the consents and of the patch-test note, in English. The clinic edits and approves its own.

Paragraphs stand apart by an empty line; a line that begins with "- " is an item of a list.
"""

from typing import NamedTuple


class DefaultText(NamedTuple):
    key: str
    title: str
    body: str


PRIVACY = """\
To treat you safely we keep a record: your name and how to reach you, what you tell us about your hair and your \
health, our plan, what was done on each visit, and your choices on these pages.

- Only the staff of this clinic read your record, each as far as their work needs it. Every look at it is noted.
- It stays in this clinic. We give nothing to others unless you ask for it or the law demands it.
- We keep it as long as the law asks of us, then it is erased.
- You may see your record, have a copy, have mistakes put right, and ask for erasure where the law allows it.
- You may complain to the data protection authority.

Health details are kept because treatment would not be safe without them. You need not answer a question, but we \
may then not be able to treat you.

I have read this notice and had time to ask questions."""

PHOTOS_RECORD = """\
Photos of your head, taken before, during and after treatment, show how your scalp was and how it heals. They help \
us to plan and to judge the result.

- They are part of your record and are seen by the staff who treat you.
- They are not shown to anyone else and not used in any other way.
- You may take this consent back at any time. From then on no new photos are taken and the old ones are not shown; \
photos that document a treatment stay in the record as long as the law asks.

I agree that the clinic takes photos of my head and keeps them in my record."""

PHOTOS_MARKETING = """\
Some clinics show results on a website, in a leaflet or in the consulting room. We do that only with photos of \
people who said yes to it, and we show you the photo first.

- Your treatment does not depend on this in any way.
- Your name is never shown. Your face is hidden unless you tell us otherwise.
- You may take this consent back at any time. We then take the photos down; what is printed or was copied by others \
cannot be called back.

I agree that the clinic may show photos of my head, before and after, to other people."""

MESSAGES = """\
We can remind you of your appointments and send your aftercare by e-mail or text message. Such messages travel over \
networks that are not ours, so they say as little as possible about your treatment.

- No advertising.
- You may take this consent back at any time; we then call or write a letter.

I agree that the clinic sends me messages about my appointments and my treatment."""

TREATMENT = """\
What it is. Scalp micropigmentation places small dots of pigment in the skin of the scalp. It imitates the look of \
shaved hair, makes thin hair look denser, or brings a hairline forward. It grows no hair and does not stop hair \
loss.

How long it lasts. It is meant to be permanent. It fades over the years, at a different pace for everyone, and may \
need a touch-up. If your hair changes, the dots stay where they are.

Taking it off. Removal is a medical procedure, for example by laser. It takes several visits, may not take \
everything away, and can leave marks.

What you may feel and see. Redness and tightness are normal and usually settle within hours, in some people within \
one or two days. Small scabs, itching and dots that look lighter while healing are common. Less often there is \
swelling, bleeding, infection, an allergic reaction (also years later), scarring, or dots that spread or change \
colour.

Number of sessions. The plan names two or three sessions, at least two days apart. Skin takes up pigment \
differently; a touch-up may be advised.

No guarantee. We work with care, but nobody can promise how your skin will hold the pigment or exactly how the \
result will look.

Alternatives. You may do nothing, wear your hair another way, use hair fibres or a hairpiece, or ask a doctor about \
medicines or a hair transplant.

Aftercare. You are told what to do and get it in writing. The result depends on it.

When to call. Growing redness, heat, swelling, pus, a bad smell, rising pain or fever can be signs of infection: \
call us, and see a doctor the same day. Trouble breathing or a swollen face is an emergency.

MRI. Tell the staff of an MRI scan about the pigment beforehand.

My choice. I have answered the questions about my health truthfully and will say so when something changes. I had \
time to read this and to ask, and all my questions were answered. I decide of my own free will and may stop at any \
time. I was offered a copy of this page.

I agree to the treatment in the plan, by the practitioner it names."""

PATCH_TEST_DECLINED = """\
A patch test places a little pigment in the skin and is looked at after two days or later. It can show an allergy \
before the whole treatment is done. A clear test never excludes a later allergy.

I was offered a patch test and understand what it is for. I do not want one, and I know that an allergic reaction \
may come."""

PATCH_TEST_NOTE = """\
A little pigment was placed in your skin to see how it reacts. Leave the place alone, keep it dry today, and do not \
scratch.

- We look at it after 48 hours or later.
- Call us if it becomes very red, swells, itches or weeps.
- A clear patch test never excludes a later allergy."""

LETTER_REQUEST = """\
Your patient would like a scalp micropigmentation: fine needles place pigment in the upper skin of the scalp, in \
two or three sessions of one to four hours. A condition named below can matter for bleeding, healing or infection.

Please tell us whether anything stands against the treatment, or what should be minded. We never advise a patient \
to stop a prescribed medicine."""

DEFAULT_TEXTS = (
    DefaultText("consent.privacy", "Privacy notice", PRIVACY),
    DefaultText("consent.photos_record", "Photos in my record", PHOTOS_RECORD),
    DefaultText("consent.photos_marketing", "Photos shown to others", PHOTOS_MARKETING),
    DefaultText("consent.messages", "Messages", MESSAGES),
    DefaultText("consent.treatment", "Consent to treatment", TREATMENT),
    DefaultText("consent.patch_test_declined", "Patch test declined", PATCH_TEST_DECLINED),
    DefaultText("note.patch_test", "Your patch test", PATCH_TEST_NOTE),
    DefaultText("letter.doctor_request", "Letter to the doctor", LETTER_REQUEST),
)
