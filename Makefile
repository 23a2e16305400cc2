# make help lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help deps deps-test deps-report deps-peers deps-cluster build dist dist-try demo gallery test lint docs bench \
  bench-pool bench-study bench-detection bench-blur bench-prepare bench-quantize bench-labels bench-cluster \
  bench-nodes chaos chaos-cluster chaos-slurm fuzz clean

# Only the OpenCV modules that are linked: libopencv-dev would pull in a windowing system and a gigabyte.
PACKAGES := libopencv-imgproc-dev libopencv-photo406 libjpeg-dev libturbojpeg0-dev libpng-dev libwebp-dev libtiff-dev \
  libhwy-dev libyaml-dev libexpat1-dev rapidjson-dev libpolyclipping-dev libcurl4-openssl-dev libpango1.0-dev \
  fonts-dejavu-core libxxhash-dev libzstd-dev libarchive-dev
# For the charts and the PDF of a report; without them the rest of the report is still written.
REPORT_PACKAGES := gnuplot-nox weasyprint
# Injects disk faults into tests; without it those tests are skipped.
TEST_PACKAGES := strace
# The programs that the benchmarks compare with.
PEER_PACKAGES := libvips-tools pngquant
# A scheduler on this machine, for its script.
SLURM_PACKAGES := slurm-wlm munge
# What the archive of make dist is packed with: strip and objdump, plain linear algebra, Debian's licences of headers.
DIST_PACKAGES := binutils libblas3 liblapack3
CLI := .build/release/augment-cli
VENV := .venv
# A folder of photographs that make bench measures in addition to generated scenes.
PHOTOGRAPHS ?= $(wildcard ../shared/data/raccoon/images)
# Pipeline files that make bench measures in place of the default pipeline.
PIPELINES ?=
# A photograph that make bench-quantize measures in addition to a generated scene.
PHOTOGRAPH ?=

help: ## List the targets.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

deps: ## Install missing Debian packages, and print which.
	@$(call install,$(PACKAGES))

deps-test: ## Install strace, which injects disk faults into tests.
	@$(call install,$(TEST_PACKAGES))

deps-report: ## Install gnuplot and WeasyPrint for the charts and the PDF of a report.
	@$(call install,$(REPORT_PACKAGES))

deps-peers: ## Install vipsthumbnail and pngquant, which the benchmarks compare with.
	@$(call install,$(PEER_PACKAGES))

deps-cluster: .venv-cluster/made ## Install Dask and fsspec in .venv-cluster, which drive shards on a cluster.

build: deps ## Build .build/release/augment-cli in release mode.
	swift build -c release

# In a folder of its own, because all modules are compiled again for the static runtime. An rpath of the old kind (RPATH)
# also holds for what a library needs in turn. Nothing calls into the program, so it exports no symbol: 1.7 MB less.
dist: deps ## Pack augment-cli in dist/, for machines that have neither Swift nor a compiler.
	@$(call install,$(DIST_PACKAGES))
	swift build -c release --product augment-cli --static-swift-stdlib --scratch-path .build/dist --disable-local-rpath \
	  -Xlinker -rpath -Xlinker '$$ORIGIN/../lib' -Xlinker --disable-new-dtags -Xlinker --no-export-dynamic
	.ci/dist.sh

dist-try: build dist ## Try that archive in a bare Debian, if there are root and a network: the same bytes.
	@$(call install,debootstrap)
	.ci/try-dist.sh

# A photograph to draw on, in place of a generated scene.
GALLERY_IMAGE ?=

gallery: build ## Draw every transform on one image, a sheet for each family, in Documentation/transforms.
	mkdir -p Documentation/transforms
	$(if $(GALLERY_IMAGE),,$(CLI) generate .build/gallery --images 1 --size 640x480 --format png)
	$(CLI) transforms --gallery Documentation/transforms --image $(or $(GALLERY_IMAGE),.build/gallery/*.png)
	rm -rf .build/gallery

demo: build ## Generate a few images, augment them on all cores, and write a contact sheet.
	rm -rf demo
	$(CLI) generate demo/input --images 6 --size 960x640
	$(CLI) augment demo/input demo/output
	$(CLI) contact-sheet demo/input demo/output demo/contact-sheet.png
	@echo "Now look at demo/contact-sheet.png: each row is an image and its copies."

test: deps deps-test $(VENV)/made .venv-cluster/made ## Install what the tests need, then build and run all tests.
	AUGMENT_PYTHON="$$(test ! -x $(VENV)/bin/python || echo $(CURDIR)/$(VENV)/bin/python)" swift test -c release
	cd Cluster && python3 -B -m unittest tests.test_schedule tests.test_ranges tests.test_places tests.test_scratch
	@if [ -x .venv-cluster/bin/python ]; then cd Cluster && ../.venv-cluster/bin/python -B -m unittest tests.test_stored; fi

lint: .venv-lint/made ## Check the format of all sources.
	swift format lint --strict --recursive Sources Examples Tests experiments Package.swift
	@if [ -x .venv-lint/bin/clang-format ]; then \
	  git ls-files 'Sources/*.[ch]' 'Sources/*.[ch]pp' | xargs .venv-lint/bin/clang-format --dry-run -Werror; fi

# Reuses the module that the tests have built, so it takes seconds. DocC's default template needs no network.
docs: ## Build the documentation of ProcPool in .build/docs; warnings and ungrouped symbols are errors.
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

bench: build $(VENV)/made ## Compare with Albumentations on multiprocessing; writes the rows to results/.
	@$(call need-python)
	$(VENV)/bin/python experiments/peers/bench.py $(if $(PHOTOGRAPHS),--photographs "$(PHOTOGRAPHS)") \
	  $(if $(PIPELINES),--pipeline $(PIPELINES))

bench-pool: deps .venv-pool/made ## Compare ProcPool with Python pools; writes the rows to results/.
	swift build -c release --product pool-bench
	python3 experiments/pool/bench.py --peers-python .venv-pool/bin/python

bench-study: build $(VENV)/made ## Compare each strategy with its Python counterpart; writes the rows to results/.
	@$(call need-python)
	$(VENV)/bin/python experiments/study/bench.py

bench-detection: build deps-test deps-report $(VENV)/made ## Compare threads and processes with Python's; likewise.
	@$(call need-python)
	$(VENV)/bin/python experiments/detection/bench.py
	$(VENV)/bin/python experiments/detection/controls.py

bench-blur: build deps-report $(VENV)/made ## Compare anonymize with OpenCV and Dask; writes the rows to results/.
	@$(call need-python)
	$(VENV)/bin/python experiments/blur/bench.py

bench-prepare: build deps-report deps-peers $(VENV)/made ## Compare prepare with Pillow and vipsthumbnail; likewise.
	@$(call need-python)
	$(VENV)/bin/python experiments/prepare/bench.py

bench-quantize: build deps-report deps-peers $(VENV)/made ## Compare K-means with NumPy, Numba, OpenCV, pngquant; likewise.
	@$(call need-python)
	$(VENV)/bin/python experiments/quantize/bench.py $(if $(PHOTOGRAPH),--photograph "$(PHOTOGRAPH)")

bench-labels: build ## Measure what labels cost, and how long a large COCO file takes; likewise.
	python3 experiments/labels/cost.py

# Mounting file systems needs root; what is left out without it is printed.
bench-cluster: build $(VENV)/made ## Compare shards on a Dask cluster with the original study's way; likewise.
	@$(call need-python)
	$(VENV)/bin/python experiments/cluster/study.py

bench-nodes: build deps-report ## Measure node processes beside predict --nodes, and simulate 10^9 images; likewise.
	python3 experiments/cluster/nodes.py
	python3 experiments/cluster/scale.py "$$(ls -td results/*/nodes/run | head -1)"

chaos: build deps-test ## Kill and disturb runs for an hour at most, and check that nothing is lost; writes to results/.
	python3 experiments/reliability/chaos.py

# Networks and mounts of a node need root; what is left out without it is printed.
chaos-cluster: build deps-cluster ## Kill and cut off the parts of a Dask cluster, for an hour at most; likewise.
	@$(call install,bindfs)
	.venv-cluster/bin/python experiments/cluster/chaos.py

# Starts a Slurm of two nodes on this machine; needs root.
chaos-slurm: build ## Run the script for Slurm on a cluster of two nodes, kill and cut off its parts; ten minutes.
	@$(call install,$(SLURM_PACKAGES))
	python3 experiments/cluster/slurm.py

# Seconds for each of the twelve readers.
FUZZ_SECONDS ?= 60

fuzz: build ## Try changed bytes on the readers of images, pipelines, records and messages, with libFuzzer.
	python3 experiments/fuzzing/fuzz.py --seconds $(FUZZ_SECONDS)

clean: ## Delete build products and generated files.
	rm -rf .build $(VENV) .venv-pool .venv-lint .venv-cluster demo dist

# The Python environment for the peers and the comparisons with Albumentations. If PyPI cannot be reached, those tests
# are skipped with a message and all others run.
$(VENV)/made: experiments/peers/requirements.txt experiments/peers/opencv4.txt
	@python3 -c 'import venv, ensurepip' 2>/dev/null || { $(call install,python3-venv); }
	rm -rf $(VENV)
	{ python3 -m venv $(VENV) && $(VENV)/bin/pip install --quiet --disable-pip-version-check -r $< && $(VENV)/bin/pip \
	  install --quiet --disable-pip-version-check --no-deps --target $(VENV)/opencv4 -r experiments/peers/opencv4.txt; } \
	  || { rm -rf $(VENV); mkdir $(VENV); echo "No Python environment: tests that compare with Albumentations are skipped."; }
	touch $@

.venv-lint/made: .ci/requirements.txt
	@python3 -c 'import venv, ensurepip' 2>/dev/null || { $(call install,python3-venv); }
	rm -rf .venv-lint
	{ python3 -m venv .venv-lint && .venv-lint/bin/pip install --quiet --disable-pip-version-check -r $<; } \
	  || { rm -rf .venv-lint; mkdir .venv-lint; echo "No clang-format: the format of the C and C++ sources is not checked."; }
	touch $@

.venv-pool/made: experiments/pool/requirements.txt
	@python3 -c 'import venv, ensurepip' 2>/dev/null || { $(call install,python3-venv); }
	rm -rf .venv-pool
	python3 -m venv .venv-pool
	.venv-pool/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

.venv-cluster/made: Cluster/requirements.txt Cluster/requirements-storage.txt Cluster/requirements-test.txt
	@python3 -c 'import venv, ensurepip' 2>/dev/null || { $(call install,python3-venv); }
	rm -rf .venv-cluster
	{ python3 -m venv .venv-cluster && \
	  .venv-cluster/bin/pip install --quiet --disable-pip-version-check -r Cluster/requirements-test.txt; } \
	  || { rm -rf .venv-cluster; mkdir .venv-cluster; echo "No Dask: runs on a cluster are not tested."; }
	touch $@

# Ends the recipe if there is no Python environment.
define need-python
test -x $(VENV)/bin/python || { echo "the Python environment could not be created: see above"; exit 1; }
endef

# Installs the Debian packages of $(1) that are missing, and prints which.
define install
missing=""; for package in $(1); do \
  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; done; \
if [ -n "$$missing" ]; then \
  echo "Installing$$missing"; sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
fi
endef
