"""Work on what strangers wrote, done in a child process that cannot take the machine with it.

A file that a patient uploads and a note that lands in a PDF are read by large libraries
written in C. Each such job runs in a process of its own with a limit on processor time,
memory and waiting, without the database, the keys or the environment of the web server.

- ``client``     what the web server and the worker call: ``run_limited``
- ``warm``       one process that has the libraries loaded and forks for each job
- ``child``      a fresh interpreter for one job: slower, and works everywhere
- ``jobs``       the table of jobs, and the border at which errors become a code
- ``wire``       how a job and its answer travel
- ``pdf_job``, ``photo_job``, ``preview_job``, ``patch_job``   the jobs themselves (no Django in them)
"""
