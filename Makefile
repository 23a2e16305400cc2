# make help lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help deps deps-test deps-report build demo test lint docs bench bench-pool bench-study clean

# Of OpenCV only what is linked: the whole libopencv-dev would bring a windowing system and a gigabyte with it.
PACKAGES := libopencv-imgproc-dev libjpeg-dev libturbojpeg0-dev libpng-dev libhwy-dev
# Charts and the PDF of a report; without them it has all the rest.
REPORT_PACKAGES := gnuplot-nox weasyprint
# Faults of the disk for tests, which are skipped without it.
TEST_PACKAGES := strace
CLI := .build/release/augment-cli
VENV := .venv
# A folder of photographs that make bench measures besides the scenes that it generates.
PHOTOGRAPHS ?= $(wildcard ../shared/data/raccoon/images)

help: ## List the commands.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

deps: ## Install the Debian packages that are missing; says which.
	@$(call install,$(PACKAGES))

deps-test: ## Install what gives the tests faults of the disk.
	@$(call install,$(TEST_PACKAGES))

deps-report: ## Install what draws the charts and the PDF of a report.
	@$(call install,$(REPORT_PACKAGES))

build: deps ## Build in release: .build/release/augment-cli.
	swift build -c release

demo: build ## Generate a few images, augment them on all cores, and leave a contact sheet to look at.
	rm -rf demo
	$(CLI) generate demo/input --images 6 --size 960x640
	$(CLI) augment demo/input demo/output
	$(CLI) contact-sheet demo/input demo/output demo/contact-sheet.png
	@echo "Now look at demo/contact-sheet.png: each row is an image and its copies."

test: deps deps-test $(VENV)/made ## Install what the tests need, build and run all of them.
	AUGMENT_PYTHON="$$(test ! -x $(VENV)/bin/python || echo $(CURDIR)/$(VENV)/bin/python)" swift test -c release

lint: ## Check format and documentation of the sources.
	swift format lint --strict --recursive Sources Examples Tests Package.swift

# From the module that the tests have built, so that it takes seconds. DocC's default template needs no network either.
docs: ## Build the documentation of ProcPool in .build/docs; a warning or a symbol in no group is an error.
	swift build -c release --target ProcPool
	rm -rf .build/docs
	mkdir -p .build/docs/symbols
	swift symbolgraph-extract -module-name ProcPool -target $(shell uname -m)-unknown-linux-gnu -I .build/release/Modules \
	  -Xcc -fmodule-map-file=.build/release/CProcPool.build/module.modulemap -minimum-access-level public \
	  -output-dir .build/docs/symbols
	docc convert Sources/ProcPool/ProcPool.docc --warnings-as-errors --additional-symbol-graph-dir .build/docs/symbols \
	  --fallback-display-name ProcPool --fallback-bundle-identifier augment.ProcPool \
	  --output-path .build/docs/ProcPool.doccarchive
	python3 .ci/check-docs.py .build/docs/ProcPool.doccarchive

bench: build $(VENV)/made ## Compare with Albumentations on multiprocessing; keeps the rows in results/.
	@test -x $(VENV)/bin/python || { echo "the Python environment could not be made: see above"; exit 1; }
	$(VENV)/bin/python experiments/peers/bench.py $(if $(PHOTOGRAPHS),--photographs "$(PHOTOGRAPHS)")

bench-pool: deps .venv-pool/made ## Compare the pool with those of Python; keeps the rows in results/.
	swift build -c release --product pool-bench
	python3 experiments/pool/bench.py --peers-python .venv-pool/bin/python

bench-study: build $(VENV)/made ## Compare each strategy with its peer in Python; keeps the rows in results/.
	@test -x $(VENV)/bin/python || { echo "the Python environment could not be made: see above"; exit 1; }
	$(VENV)/bin/python experiments/study/bench.py

clean: ## Remove what was built and generated.
	rm -rf .build $(VENV) .venv-pool demo

# The environment that the peers and the comparisons with Albumentations run in. Without it, where PyPI is out of reach,
# those tests are skipped with a message and all others run.
$(VENV)/made: experiments/peers/requirements.txt
	@python3 -c 'import venv, ensurepip' 2>/dev/null || { $(call install,python3-venv); }
	rm -rf $(VENV)
	{ python3 -m venv $(VENV) && $(VENV)/bin/pip install --quiet --disable-pip-version-check -r $<; } \
	  || { rm -rf $(VENV); mkdir $(VENV); echo "No Python environment: tests that compare with Albumentations are skipped."; }
	touch $@

.venv-pool/made: experiments/pool/requirements.txt
	@python3 -c 'import venv, ensurepip' 2>/dev/null || { $(call install,python3-venv); }
	rm -rf .venv-pool
	python3 -m venv .venv-pool
	.venv-pool/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

# Installs the Debian packages that are missing, and says which.
define install
missing=""; for package in $(1); do \
  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; done; \
if [ -n "$$missing" ]; then \
  echo "Installing$$missing"; sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
fi
endef
