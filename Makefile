# Thin names for run.py; nothing lives here.
.PHONY: serve setup test
serve setup test:
	python3 run.py $@
