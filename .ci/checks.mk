# What else protects the project: sanitizers, analysers, fuzzing, peers, measurements.
.PHONY: asan tsan valgrind coverage analyse format fuzz fuzz-run fuzz-meaning accuracy trial faults peers parts bench \
  bench-peers pictures latex-test latex-LaTeX latex-labelled python-test pandoc-test \
  math-test

asan: ## the tests under the address and undefined-behaviour sanitizers
	$(MAKE) check BUILD=$(BUILD)/asan CFLAGS='-O1 -g -fno-omit-frame-pointer' \
	  SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all'

tsan: ## many maps on many threads under ThreadSanitizer
	$(MAKE) $(BUILD)/tsan/threads BUILD=$(BUILD)/tsan CFLAGS='-O1 -g -fno-omit-frame-pointer' \
	  SANITIZE=-fsanitize=thread CBLAS=gslcblas WERROR=
	$(BUILD)/tsan/threads

valgrind: $(BUILD)/tests/runner $(BUILD)/jacobian ## the tests under Valgrind
	@$(need) valgrind
	CK_FORK=no JAC_SLOW_MACHINE=valgrind JACOBIAN=$(BUILD)/jacobian valgrind -q --leak-check=full \
	  --errors-for-leak-kinds=definite,possible --error-exitcode=9 $(BUILD)/tests/runner

# The tests reached 95 % before the formula engine was rebuilt; what its new folders lack is to be
# written, and this number to rise with it.
coverage: ## how many lines the tests reach (at least 88 % of jacobian/ and layers/)
	@$(need) gcovr
	JAC_SLOW_MACHINE=1 $(MAKE) check BUILD=$(BUILD)/coverage CFLAGS='-O0 -g --coverage -fprofile-update=atomic' CBLAS=gslcblas
	gcovr -j 2 --root . --gcov-ignore-parse-errors --object-directory $(BUILD)/coverage --filter jacobian/ --filter layers/ \
	  --fail-under-line 88 $(BUILD)/coverage

# What is off is wrong by design: each of the three looks at a single file at a time, and so
# believes that a function of another one may return JAC_OK and no result. .clang-tidy says
# the rest.
FANALYZER := -O1 -fanalyzer -Wno-analyzer-malloc-leak -Wno-analyzer-null-dereference \
  -Wno-analyzer-possible-null-argument -Wno-analyzer-possible-null-dereference \
  -Wno-analyzer-use-of-uninitialized-value
analyse: $(patsubst %.c,$(BUILD)/tidy/%,$(LIB_SRC) $(CLI_SRC) $(call sources,visual/balls)) ## cppcheck, clang-tidy, gcc's -fanalyzer; long and dead functions
	@$(need) cppcheck pmccabe
	.ci/complexity
	.ci/circles
	$(MAKE) all && .ci/dead $(BUILD)
	cppcheck --enable=warning,performance,portability --std=c11 -I. --quiet --inline-suppr --error-exitcode=1 \
	  jacobian layers visual
	$(MAKE) BUILD=$(BUILD)/fanalyzer CC=gcc CFLAGS='$(FANALYZER)' WERROR=-Werror all

# clang's analyzer takes nearly all of the time. Under `.ci/run` (JAC_THIRD: 0, 1 or 2) it looks at a
# third of the files, and at what changed lately; the other checks, and gcc's, look at all.
BRIEFLY := $(if $(JAC_THIRD),$(filter-out $(shell git log -20 --name-only --format= 2>/dev/null),\
  $(shell printf '%s\n' $(LIB_SRC) $(CLI_SRC) | awk 'NR % 3 != $(JAC_THIRD)')))
$(BUILD)/tidy/%: %.c .clang-tidy $(BUILD)/config.h $(BUILD)/catalogues.h $(BUILD)/place.h | deps-tidy
	@mkdir -p $(@D)
	$(call run,TIDY,$<)clang-tidy --quiet $(if $(filter $<,$(BRIEFLY)),--checks='-clang-analyzer-*') $< -- \
	  $(filter-out gcc cc ccache clang,$(COMPILE)) -I$(BUILD) 2>/dev/null $(if $(filter $<,$(BRIEFLY)),,&& touch $@)
.PHONY: deps-tidy
deps-tidy:
	@$(need) clang-tidy

format: ## set the sources as .clang-format says
	@$(need) clang-format
	clang-format -i $(shell git ls-files '*.c' '*.h')

# Each tests/fuzz/fuzz_NAME.c is a target of libFuzzer; its seeds are in tests/fuzz/NAME.
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PARTS := $(call objects,$(filter-out tests/fuzz/fuzz_%,$(wildcard tests/fuzz/*.c)))
SECONDS ?= 60
fuzz: ## readers, whole commands and the page's questions on hostile input (SECONDS=60 each, clang)
	@$(need) clang fuzzer
	.ci/fuzz-seeds $(BUILD)/fuzz/corpus
	$(MAKE) fuzz-run BUILD=$(BUILD)/fuzz CC=clang CFLAGS='-O1 -g -fno-omit-frame-pointer' \
	  SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'

$(BUILD)/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(FUZZ_PARTS) $(PARTS)
	$(call run,LD,$@)$(CC) $(CFLAGS) -fsanitize=fuzzer,address,undefined $(LDFLAGS) -o $@ $^ $(CLI_LIBS) $(LIBS)

fuzz-meaning: $(BUILD)/meaning $(BUILD)/jacobian ## random networks against the complex step of a forward pass of its own (SECONDS=60)
	JACOBIAN=$(BUILD)/jacobian $(BUILD)/meaning $(SECONDS) $(SEED)

# Whole commands may work for a while, however little they are asked for.
patience_command := 120
patience_page := 60
.PRECIOUS: $(BUILD)/obj/tests/fuzz/%.o
fuzz-run: $(FUZZERS:%=fuzz-run-%)
$(FUZZERS:%=fuzz-run-%): fuzz-run-%: $(BUILD)/fuzz_%
	@mkdir -p $(BUILD)/corpus/$*
	@$< -max_total_time=$(SECONDS) -timeout=$(or $(patience_$*),5) -rss_limit_mb=1024 -max_len=8192 -print_final_stats=1 \
	  -dict=tests/fuzz/notes.dict -artifact_prefix=$(BUILD)/ $(BUILD)/corpus/$* tests/fuzz/$* \
	  >$(BUILD)/fuzz_$*.log 2>&1 || { tail -n 40 $(BUILD)/fuzz_$*.log >&2; exit 1; }
	@echo "$*: $$(sed -n 's/^stat::number_of_executed_units: *//p' $(BUILD)/fuzz_$*.log) inputs"

# The threads are of the library alone.
define program
$(BUILD)/$(1): $(call objects,$(wildcard tests/$(1)/*.c)) $(if $(filter threads,$(1)),$(BUILD)/libjacobian.a,$$(PARTS))
	$$(call run,LD,$$@)$$(LINK) -rdynamic -o $$@ $$^ $$(CLI_LIBS) $$(LIBS)
endef
$(foreach name,$(PROGRAMS),$(eval $(call program,$(name))))

accuracy: $(BUILD)/accuracy ## every module's error in last places, into docs/accuracy.md
	@$(need) flint
	$(BUILD)/accuracy >$(BUILD)/accuracy.md
	cp $(BUILD)/accuracy.md docs/accuracy.md

trial: $(BUILD)/trial ## mistakes planted everywhere, and right ones: into docs/trial.md
	$(BUILD)/trial >$(BUILD)/trial.md
	cp $(BUILD)/trial.md docs/trial.md

$(BUILD)/preload.so: tests/preload/preload.c $(BUILD)/config.h
	$(call run,LD,$@)$(COMPILE) -shared $< -o $@

# Not with a sanitizer: it has an allocator of its own.
RUNS ?= 300
faults: $(BUILD)/faults $(BUILD)/preload.so $(BUILD)/jacobian ## allocations that fail (RUNS=300 a command; 0: each), full disks, interrupts
	$(BUILD)/faults $(abspath $(BUILD)/jacobian) $(abspath $(BUILD)/preload.so) $(RUNS)

peers: $(BUILD)/jacobian ## every Jacobian against PyTorch's automatic differentiation
	@$(need) torch
	/usr/bin/python3 tests/peers/torch_jacobians.py $(BUILD)/jacobian
	/usr/bin/python3 tests/peers/frameworks.py $(BUILD)/jacobian

parts: $(BUILD)/jacobian ## what is written in parts, read by SciPy, zarr and Dask
	@$(need) scipy zarr dask
	/usr/bin/python3 tests/peers/parts.py $(BUILD)/jacobian

BENCH_OBJ := $(call objects,$(filter-out tests/bench/empty.c,$(wildcard tests/bench/*.c)))
$(BUILD)/tests/bench: $(BENCH_OBJ) $(BUILD)/libjacobian.a
	@mkdir -p $(@D)
	$(call run,LD,$@)$(LINK) -o $@ $^ $(LIBS)

# Linked to all that the program is linked to, needed or not.
$(BUILD)/tests/empty: $(BUILD)/obj/tests/bench/empty.o
	@mkdir -p $(@D)
	$(call run,LD,$@)$(LINK) -Wl,--no-as-needed -o $@ $^ $(PROGRAM_LIBS)

bench: $(BUILD)/tests/bench $(BUILD)/tests/empty $(BUILD)/jacobian ## measure, and write docs/performance.md: every figure a ratio within the run
	@.ci/performance $(BUILD)

ADOLC := $(wildcard /usr/include/adolc/adolc.h)
bench-peers: $(BUILD)/tests/bench $(BUILD)/jacobian $(if $(ADOLC),$(BUILD)/tests/adolc) ## the same Jacobians from PyTorch, NumPy and ADOL-C, where installed
	/usr/bin/python3 tests/bench/peers.py $(BUILD)/tests/bench $(BUILD)/jacobian $(BUILD)/tests/empty $(if $(ADOLC),$(BUILD)/tests/adolc)

$(BUILD)/tests/adolc: tests/bench/adolc.cpp
	@mkdir -p $(@D)
	$(call run,CXX,$@)$(CXX) -O2 -o $@ $< -ladolc

pictures: $(BUILD)/tests/runner $(BUILD)/jacobian ## what a renderer of SVG sees against our PNG
	@$(need) rsvg dejavu
	JAC_RENDER=1 JACOBIAN=$(BUILD)/jacobian $(BUILD)/tests/runner gallery

LATEX := pdflatex booktabs nicematrix standalone french poppler
latex-test: latex-LaTeX latex-labelled ## all LaTeX that the program writes, compiled and looked at
latex-LaTeX latex-labelled: latex-%: $(BUILD)/tests/runner $(BUILD)/jacobian | deps-latex
	@mkdir -p $(BUILD)/latex
	CK_TIMEOUT_MULTIPLIER=$${CK_TIMEOUT_MULTIPLIER:-4} CK_RUN_CASE=$* JAC_LATEX=$(BUILD)/latex JACOBIAN=$(BUILD)/jacobian $(BUILD)/tests/runner paper
.PHONY: deps-latex
deps-latex:
	@$(need) $(LATEX)

python-test: $(BUILD)/jacobian ## the Python package against NumPy, and PyTorch where it is installed
	@$(need) python numpy
	JACOBIAN=$(abspath $(BUILD)/jacobian) PYTHONPATH=visual/python /usr/bin/python3 -B tests/python/test_package.py

pandoc-test: $(BUILD)/jacobian ## Markdown through pandoc to MathML, docx, PDF; its filter; jacobian.sty
	@$(need) pandoc pdflatex booktabs lmodern
	.ci/pandoc $(abspath $(BUILD)/jacobian) $(BUILD)/pandoc

MATH_TOOLS := katex@0.19.1 mathjax-full@3.2.2
math-test: $(BUILD)/jacobian ## all formulas of its Markdown, through KaTeX (strict) and MathJax
	@$(need) node npm
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(BUILD)/math $(MATH_TOOLS)
	LC_ALL=C.UTF-8 LANGUAGE=en node tests/browser/math.mjs $(BUILD)/jacobian $(BUILD)/math
