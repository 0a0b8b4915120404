# Every target does its own set-up; a bare Debian or Ubuntu needs Python 3.11 or newer with venv, and make.
PYTHON_IN_VENV = .venv/bin/python
APPS = accounts kpi messaging providers sdf_portal
COVERAGE_FLOOR = 90

.PHONY: help demo test fuzz lint bench

help:
	@echo "make demo   het portaal met een verzonnen regio, op http://127.0.0.1:8000/ (SDF_PORT=... voor een andere poort)"
	@echo "make test   alle tests"
	@echo "make fuzz   lang zoeken naar invoer die iets breekt (FUZZ_EXAMPLES=... voor korter of langer)"
	@echo "make lint   stijl, typen en wie wat mag importeren"
	@echo "make bench  snelheid, als verhoudingen"

demo:
	@scripts/setup run
	@exec $(PYTHON_IN_VENV) manage.py demo

test:
	@scripts/setup dev
	@$(PYTHON_IN_VENV) -m pytest -n 2 $(addprefix --cov=,$(APPS)) --cov-report=term:skip-covered --cov-fail-under=$(COVERAGE_FLOOR)

fuzz:
	@scripts/setup dev
	@FUZZ=1 $(PYTHON_IN_VENV) -m pytest -n 2 tests/fuzz tests/messaging/test_kill.py

lint:
	@scripts/setup dev
	$(PYTHON_IN_VENV) -m ruff check .
	$(PYTHON_IN_VENV) -m ruff format --check .
	$(PYTHON_IN_VENV) -m mypy kpi/calc messaging/berichten
	$(PYTHON_IN_VENV) -c "from importlinter.cli import lint_imports_command as main; main()"

bench:
	@scripts/setup dev
	@$(PYTHON_IN_VENV) -m bench
