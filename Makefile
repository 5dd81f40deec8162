# jacobian: `make help` lists what there is.
VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
CC = gcc
PKG_CONFIG ?= pkg-config
INSTALL ?= install
CFLAGS ?= -O3 -g

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
  -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
WERROR ?=
# GSL's element access inline and without a test of its own: sizes are checked before.
COMPILE = $(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -DHAVE_INLINE -DGSL_RANGE_CHECK_OFF $(WARNINGS) $(WERROR) $(CPPFLAGS) \
  -I. -DJAC_VERSION='"$(VERSION)"' -DJAC_NLS -fPIC $(CFLAGS) $(FOPENMP) $(SANITIZE)

# An optimised CBLAS where the machine has one, else GSL's own; `jacobian --version` says
# which.
CBLAS = $(shell $(PKG_CONFIG) --exists openblas 2>/dev/null && echo openblas || echo gslcblas)
# Certified checks stand on Arb, where the machine has it (Debian: libflint-arb-dev; from
# FLINT 3 on it is part of FLINT). `make ARB=` leaves it out.
arb_probe = $(shell printf '\043include <$(1)>\nint main(void) {return 0;}\n' | \
  $(CC) -x c -o /dev/null - -x none $(2) >/dev/null 2>&1 && echo $(2))
ARB := $(or $(call arb_probe,flint/arb_hypgeom.h,-lflint),$(call arb_probe,arb_hypgeom.h,-lflint-arb -lflint))
# `make OPENMP=1`: large cases on as many threads as OMP_NUM_THREADS says, the same bits.
OPENMP ?=
FOPENMP := $(if $(OPENMP),-fopenmp)
NOTES_LIBS = $(shell $(PKG_CONFIG) --libs md4c jansson)
LIBS = $(NOTES_LIBS) $(ARB) -lgsl -l$(CBLAS) -lm $(FOPENMP)
CLI_LIBS = -ljansson -lcsv -lpng -pthread
CHECK_LIBS = $(shell $(PKG_CONFIG) --libs check)

# `make V=1` shows the commands themselves.
run = $(if $(V),,@printf '  %s %s\n' $(1) $(2);)

# What a file belongs to is said by where it stands; a new file needs no line here.
LIB_SRC := $(wildcard jacobian/*.c jacobian/*/*.c layers/*.c)
CLI_SRC := $(wildcard visual/*.c visual/*/*.c)
SUITE_SRC := $(wildcard tests/*/test_*.c tests/*/*/test_*.c)
FUZZ_SRC := $(wildcard tests/fuzz/*.c)
# Programs of their own: build/NAME from tests/NAME/*.c.
PROGRAMS := accuracy trial faults threads
PROGRAM_SRC := $(wildcard $(PROGRAMS:%=tests/%/*.c))
BENCH_SRC := $(filter-out tests/bench/empty.c,$(wildcard tests/bench/*.c))
TEST_SRC := $(SUITE_SRC) $(filter-out $(SUITE_SRC) $(FUZZ_SRC) $(PROGRAM_SRC) tests/preload/preload.c \
  tests/bench/%,$(wildcard tests/*.c tests/*/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/obj/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(BUILD)/obj/%.o)
TEST_OBJ := $(TEST_SRC:%.c=$(BUILD)/obj/%.o)
# A translation is one file visual/po/LANGUAGE.po.
PO := $(wildcard visual/po/*.po)
LANGUAGES := $(basename $(notdir $(PO)))
MO := $(LANGUAGES:%=$(BUILD)/locale/%/LC_MESSAGES/jacobian.mo)
# A page of the manual a command, as visual/cli/commands.h lists them.
COMMANDS := $(shell sed -n 's/^COMMAND(jac_command_\(.*\))$$/\1/p' visual/cli/commands.h)
PAGES := jacobian.1 $(COMMANDS:%=jacobian-%.1)
MAN := $(PAGES:%=$(BUILD)/man/man1/%) $(foreach l,$(LANGUAGES),$(PAGES:%=$(BUILD)/man/$l/man1/%))
MAIN_OBJ := $(BUILD)/obj/visual/cli/main.o
BENCH_OBJ := $(BENCH_SRC:%.c=$(BUILD)/obj/%.o)
OBJ := $(LIB_OBJ) $(CLI_OBJ) $(TEST_OBJ) $(BENCH_OBJ) $(FUZZ_SRC:%.c=$(BUILD)/obj/%.o) $(PROGRAM_SRC:%.c=$(BUILD)/obj/%.o)
# What is installed: all headers but those that only the library's own files share.
HEADERS := $(filter-out %_internal.h layers/table.h,$(wildcard jacobian/*.h jacobian/*/*.h layers/*.h))

NEED := cmd:gcc=gcc file:/usr/include/stdlib.h=libc6-dev cmd:pkg-config=pkg-config pc:gsl=libgsl-dev pc:jansson=libjansson-dev pc:md4c=libmd4c-dev \
  pc:libpng=libpng-dev \
  file:/usr/include/csv.h=libcsv-dev cmd:msgfmt=gettext
NEED_CHECK := pc:check=check

.DEFAULT_GOAL := all
FONT := /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
RENDERER := cmd:rsvg-convert=librsvg2-bin file:$(FONT)=fonts-dejavu-core
PEERS := file:/usr/lib/python3/dist-packages/torch/__init__.py=python3-torch

.PHONY: help all check bench bench-peers fuzz fuzz-run accuracy trial faults peers demo install uninstall asan \
  tsan analyse deps-tidy valgrind coverage format clean deps deps-check golden pictures gallery font \
  engine-test latex-test deps-latex docs page page-test page-lint api site dist dist-check deb deb-check example-check \
  po po-check man-check completion-check FORCE

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

all: $(BUILD)/jacobian $(BUILD)/libjacobian.a $(BUILD)/libjacobian.so $(MO) $(MAN) ## build the program and the libraries

deps: ## install what the build needs (root or sudo)
	@.ci/need $(NEED)

# After deps, never beside it: two apt-get would get in each other's way.
deps-check: deps
	@.ci/need $(NEED_CHECK)

$(BUILD)/obj/%.o: %.c | deps
	@mkdir -p $(@D)
	$(call run,CC,$<)$(COMPILE) -MMD -MP -c $< -o $@

ifneq ($(strip $(ARB)),)
$(BUILD)/obj/jacobian/formula/number_ball.o: CPPFLAGS += -DJAC_ARB
endif

comma := ,
$(BUILD)/obj/visual/cli/language.o: CPPFLAGS += -DJAC_LOCALE_DIR='"$(PREFIX)/share/locale"' \
  -DJAC_LANGUAGES='"en$(LANGUAGES:%=$(comma) %)"'

$(BUILD)/locale/%/LC_MESSAGES/jacobian.mo: visual/po/%.po | deps
	@mkdir -p $(@D)
	$(call run,PO,$<)msgfmt --check -o $@ $<

$(BUILD)/libjacobian.a: $(LIB_OBJ)
	@rm -f $@
	$(call run,AR,$@)$(AR) rcs $@ $^

$(BUILD)/libjacobian.so: $(LIB_OBJ)
	$(call run,LD,$@)$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -shared -Wl,-soname,libjacobian.so.0 -o $@ $^ $(LIBS)

$(BUILD)/jacobian: $(CLI_OBJ) $(BUILD)/libjacobian.a
	$(call run,LD,$@)$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -rdynamic -o $@ $^ $(CLI_LIBS) $(LIBS)

$(MAIN_OBJ): CPPFLAGS += -DJAC_CBLAS='"$(CBLAS)"'

# The program writes its own manual, and its translation's.
$(BUILD)/man/man1/%.1: $(BUILD)/jacobian
	@mkdir -p $(@D)
	@$< --lang en --manual $(patsubst jacobian-%,%,$(filter-out jacobian,$*)) >$@
define translated_manual
$(BUILD)/man/$1/man1/%.1: $(BUILD)/jacobian $(BUILD)/locale/$1/LC_MESSAGES/jacobian.mo
	@mkdir -p $$(@D)
	@$$< --lang $1 --manual $$(patsubst jacobian-%,%,$$(filter-out jacobian,$$*)) >$$@
endef
$(foreach l,$(LANGUAGES),$(eval $(call translated_manual,$l)))

man-check: $(MAN) ## the manual's pages as their formatter sees them
	@.ci/need cmd:mandoc=mandoc
	@! mandoc -Tlint $(filter $(BUILD)/man/man1/%,$(MAN)) docs/man/libjacobian.3 | grep -v 'referenced manual not found'
	@! mandoc -Tlint -W error $(MAN) | grep .

completion-check: $(BUILD)/jacobian ## the completion in the shells themselves
	@.ci/need cmd:bash=bash file:/usr/share/bash-completion/bash_completion=bash-completion cmd:zsh=zsh cmd:fish=fish
	@.ci/completion $(BUILD)/jacobian

# Every tests/.../test_NAME.c defines `Suite *NAME_suite(void)`; the runner's list is made
# from the names of the files.
$(BUILD)/tests/suites.h: $(SUITE_SRC) Makefile
	@mkdir -p $(@D)
	@printf 'SUITE(%s_suite)\n' $(patsubst test_%,%,$(basename $(notdir $(SUITE_SRC)))) >$@

$(BUILD)/obj/tests/runner.o: CPPFLAGS += -I$(BUILD)/tests
$(BUILD)/obj/tests/runner.o: $(BUILD)/tests/suites.h
$(TEST_OBJ): | deps-check

$(BUILD)/tests/runner: $(TEST_OBJ) $(filter-out $(MAIN_OBJ),$(CLI_OBJ)) $(BUILD)/libjacobian.a
	$(call run,LD,$@)$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(CLI_LIBS) $(LIBS)

check: $(BUILD)/tests/runner $(BUILD)/jacobian $(MO) po-check example-check ## build and pass the tests
	JACOBIAN=$(BUILD)/jacobian $(BUILD)/tests/runner
	$(BUILD)/jacobian verify --strict $(wildcard docs/course/*.md docs/course/*/*.md)

# docs/library.md: its program is the file beside it, and prints what stands there.
$(BUILD)/library: docs/examples/library.c $(BUILD)/libjacobian.a
	$(call run,CC,$<)$(COMPILE) $< -o $@ $(LDFLAGS) $(BUILD)/libjacobian.a $(LIBS)

example-check: $(BUILD)/library
	@sed -n '/^```c$$/,/^```$$/{/^```/!p}' docs/library.md | diff - docs/examples/library.c
	@$(BUILD)/library | diff - tests/visual/golden/library.txt
	@sed -n '/^\$$ .\/library$$/,/^```$$/{/^[$$`]/!p}' docs/library.md | diff - tests/visual/golden/library.txt

# Each tests/fuzz/fuzz_NAME.c is a target of libFuzzer; its seeds are in tests/fuzz/NAME.
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
SECONDS ?= 60
fuzz: ## each reader of notes, specs and tables on hostile input (SECONDS=60 each, clang)
	@.ci/need cmd:clang=clang file:/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.fuzzer-$(shell uname -m).a=libclang-rt-14-dev
	$(MAKE) fuzz-run BUILD=$(BUILD)/fuzz CC=clang CFLAGS='-O1 -g -fno-omit-frame-pointer' \
	  SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'

$(BUILD)/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/notes.o $(BUILD)/obj/tests/fuzz/table.o $(filter-out $(MAIN_OBJ),$(CLI_OBJ)) $(BUILD)/libjacobian.a
	$(call run,LD,$@)$(CC) $(CFLAGS) -fsanitize=fuzzer,address,undefined $(LDFLAGS) -o $@ $^ $(CLI_LIBS) $(LIBS)

.PRECIOUS: $(BUILD)/obj/tests/fuzz/%.o
fuzz-run: $(FUZZERS:%=fuzz-run-%)
$(FUZZERS:%=fuzz-run-%): fuzz-run-%: $(BUILD)/fuzz_%
	@mkdir -p $(BUILD)/corpus/$*
	@$< -max_total_time=$(SECONDS) -timeout=5 -rss_limit_mb=1024 -max_len=8192 -print_final_stats=1 \
	  -dict=tests/fuzz/notes.dict -artifact_prefix=$(BUILD)/ $(BUILD)/corpus/$* tests/fuzz/$* \
	  >$(BUILD)/fuzz_$*.log 2>&1 || { tail -n 40 $(BUILD)/fuzz_$*.log >&2; exit 1; }
	@echo "$*: $$(sed -n 's/^stat::number_of_executed_units: *//p' $(BUILD)/fuzz_$*.log) inputs"

pictures: $(BUILD)/tests/runner $(BUILD)/jacobian ## what a renderer of SVG sees against our PNG
	@.ci/need $(RENDERER)
	JAC_RENDER=1 JACOBIAN=$(BUILD)/jacobian $(BUILD)/tests/runner gallery

gallery: $(BUILD)/jacobian ## make the pictures of docs/gallery from its commands
	@.ci/gallery $(BUILD)/jacobian

font: ## write the letters of pictures anew from their font
	@.ci/need file:/usr/lib/python3/dist-packages/fontTools/__init__.py=python3-fonttools file:$(FONT)=fonts-dejavu-core
	/usr/bin/python3 .ci/font $(FONT) >visual/picture/font_table.h

define program
$(BUILD)/$(1): $(patsubst %.c,$(BUILD)/obj/%.o,$(filter tests/$(1)/%,$(PROGRAM_SRC))) $(filter-out $(MAIN_OBJ),$(CLI_OBJ)) $(BUILD)/libjacobian.a
	$$(call run,LD,$$@)$$(CC) $$(CFLAGS) $$(SANITIZE) $$(LDFLAGS) -rdynamic -o $$@ $$^ $$(CLI_LIBS) $$(LIBS)
endef
$(foreach name,$(PROGRAMS),$(eval $(call program,$(name))))

# Certified checks need Arb; the rest of the project does without it.
ARB_NEED := file:/usr/include/arb.h=libflint-arb-dev
accuracy: $(BUILD)/accuracy ## every module's error in last places, into docs/accuracy.md
	@.ci/need $(ARB_NEED)
	$(BUILD)/accuracy >$(BUILD)/accuracy.md
	cp $(BUILD)/accuracy.md docs/accuracy.md

trial: $(BUILD)/trial ## mistakes planted everywhere, and right ones: into docs/trial.md
	$(BUILD)/trial >$(BUILD)/trial.md
	cp $(BUILD)/trial.md docs/trial.md

$(BUILD)/preload.so: tests/preload/preload.c
	$(call run,LD,$@)$(COMPILE) -shared $< -o $@

# Not with a sanitizer: it has an allocator of its own.
RUNS ?= 300
faults: $(BUILD)/faults $(BUILD)/preload.so $(BUILD)/jacobian ## allocations that fail (RUNS=300 a command; 0: each), full disks, interrupts
	$(BUILD)/faults $(abspath $(BUILD)/jacobian) $(abspath $(BUILD)/preload.so) $(RUNS)

peers: $(BUILD)/jacobian ## every Jacobian against PyTorch's automatic differentiation
	@.ci/need $(PEERS)
	/usr/bin/python3 tests/peers/torch_jacobians.py $(BUILD)/jacobian
	/usr/bin/python3 tests/peers/frameworks.py $(BUILD)/jacobian

$(BUILD)/tests/bench: $(BENCH_OBJ) $(BUILD)/libjacobian.a
	@mkdir -p $(@D)
	$(call run,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# Linked to all that the program is linked to, needed or not.
$(BUILD)/tests/empty: $(BUILD)/obj/tests/bench/empty.o
	@mkdir -p $(@D)
	$(call run,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--no-as-needed -o $@ $^ $(CLI_LIBS) $(LIBS)

bench: $(BUILD)/tests/bench $(BUILD)/tests/empty $(BUILD)/jacobian ## measure, and write docs/performance.md: every figure a ratio within the run
	@.ci/performance $(BUILD)

ADOLC := $(wildcard /usr/include/adolc/adolc.h)
bench-peers: $(BUILD)/tests/bench $(BUILD)/jacobian $(if $(ADOLC),$(BUILD)/tests/adolc) ## the same Jacobians from PyTorch, NumPy and ADOL-C, where installed
	/usr/bin/python3 tests/bench/peers.py $(BUILD)/tests/bench $(BUILD)/jacobian $(BUILD)/tests/empty $(if $(ADOLC),$(BUILD)/tests/adolc)

$(BUILD)/tests/adolc: tests/bench/adolc.cpp
	@mkdir -p $(@D)
	$(call run,CXX,$@)$(CXX) -O2 -o $@ $< -ladolc

LATEX_DIR := /usr/share/texlive/texmf-dist/tex/latex
LATEX := cmd:pdflatex=texlive-latex-base file:$(LATEX_DIR)/booktabs/booktabs.sty=texlive-latex-recommended \
  file:$(LATEX_DIR)/nicematrix/nicematrix.sty=texlive-science \
  file:$(LATEX_DIR)/standalone/standalone.cls=texlive-latex-extra cmd:pdftoppm=poppler-utils
latex-test: latex-LaTeX latex-labelled ## all LaTeX that the program writes, compiled and looked at
latex-LaTeX latex-labelled: latex-%: $(BUILD)/tests/runner $(BUILD)/jacobian | deps-latex
	@mkdir -p $(BUILD)/latex
	CK_RUN_CASE=$* JAC_LATEX=$(BUILD)/latex JACOBIAN=$(BUILD)/jacobian $(BUILD)/tests/runner paper
deps-latex: deps-check
	@.ci/need $(LATEX)

docs: $(BUILD)/jacobian ## the article of docs/writing.md as a PDF, from its five commands
	@.ci/need $(LATEX) cmd:pdfinfo=poppler-utils
	@.ci/docs $< $(BUILD)/docs

golden: $(BUILD)/tests/runner $(BUILD)/jacobian $(MO) ## write the golden files anew and show what changed
	JAC_GOLDEN=write JACOBIAN=$(BUILD)/jacobian $(BUILD)/tests/runner
	git --no-pager diff --stat -p -- tests

$(BUILD)/page/engine.wasm: FORCE
	@.ci/engine $(BUILD)/page $(VERSION)
FORCE:

engine-test: $(BUILD)/page/engine.wasm $(BUILD)/jacobian ## the engine as WebAssembly against the command
	@.ci/need cmd:node=nodejs
	node tests/browser/engine.mjs $(BUILD)/page/engine.wasm $(BUILD)/jacobian

$(BUILD)/page.html: $(BUILD)/page/engine.wasm .ci/page $(wildcard visual/page/*)
	@.ci/need cmd:python3=python3
	.ci/page $< $@

page: $(BUILD)/page.html ## build the page (BUILD/page.html), which explore needs

# Versions that are known to work; they go to BUILD and are never committed.
BROWSER_TOOLS := playwright-core@1.55.1 axe-core@4.14.1
page-test: page engine-test ## the page in Chromium, from a file, without network
	@.ci/need cmd:chromium=chromium cmd:npm=npm file:$(FONT)=fonts-dejavu-core
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(BUILD)/browser $(BROWSER_TOOLS)
	JACOBIAN_PAGE=$(BUILD)/page.html node tests/browser/page.mjs $(BUILD)/jacobian $(BUILD)/browser \
	  "$$(command -v chromium)" $(BUILD)/browser/pictures

page-lint: page ## the page's script and style as the linter and the formatter want them
	@.ci/need cmd:npm=npm
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(BUILD)/browser eslint@9.17.0 prettier@3.3.3
	$(BUILD)/browser/node_modules/.bin/eslint -c tests/browser/eslint.config.mjs $(BUILD)/page/script.js
	$(BUILD)/browser/node_modules/.bin/prettier --print-width 100 --check visual/page/*.js visual/page/*.css tests/browser/*.mjs

# Every text that a person reads, as the sources have it.
$(BUILD)/jacobian.pot: $(LIB_SRC) $(CLI_SRC) $(wildcard layers/*.h) | deps
	@mkdir -p $(@D)
	@xgettext --package-name=jacobian --package-version=$(VERSION) --from-code=UTF-8 -L C \
	  --keyword=_ --keyword=N_ --keyword=JAC_PLURAL:1,2 --add-comments=Translators: -s -o $@ $(filter %.c %.h,$^)

po: $(BUILD)/jacobian.pot ## bring the translations up to date with the sources
	for po in $(PO); do msgmerge -q --update --backup=none --no-wrap --no-location -s $$po $< || exit 1; done

# Fails when a text has no translation in a language, or one that is only a guess.
po-check: $(BUILD)/jacobian.pot
	@for po in $(PO); do \
	  LC_ALL=C msgcmp $$po $< 2>$(BUILD)/po-check.log && msgfmt --check -o /dev/null $$po || \
	    { grep -v 'warning: this message is not used' $(BUILD)/po-check.log >&2; exit 1; }; done

demo: $(BUILD)/jacobian ## build and show what the program is for
	@.ci/demo $(BUILD)/jacobian

asan: ## the tests under the address and undefined-behaviour sanitizers
	$(MAKE) check BUILD=$(BUILD)/asan CFLAGS='-O1 -g -fno-omit-frame-pointer' \
	  SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all'

tsan: ## many maps on many threads under ThreadSanitizer
	$(MAKE) $(BUILD)/tsan/threads BUILD=$(BUILD)/tsan CFLAGS='-O1 -g -fno-omit-frame-pointer' \
	  SANITIZE=-fsanitize=thread CBLAS=gslcblas WERROR=
	$(BUILD)/tsan/threads

valgrind: $(BUILD)/tests/runner $(BUILD)/jacobian ## the tests under Valgrind
	@.ci/need cmd:valgrind=valgrind
	CK_FORK=no JAC_SLOW_MACHINE=1 JACOBIAN=$(BUILD)/jacobian valgrind -q --leak-check=full \
	  --errors-for-leak-kinds=definite,possible --error-exitcode=9 $(BUILD)/tests/runner

coverage: ## how many lines the tests reach (at least 95 % of jacobian/ and layers/)
	@.ci/need cmd:gcovr=gcovr
	$(MAKE) check BUILD=$(BUILD)/coverage CFLAGS='-O0 -g --coverage -fprofile-update=atomic' CBLAS=gslcblas
	gcovr --root . --gcov-ignore-parse-errors --object-directory $(BUILD)/coverage --filter jacobian/ --filter layers/ \
	  --fail-under-line 95 $(BUILD)/coverage

# What is off is wrong by design: each of the three looks at a single file at a time, and so
# believes that a function of another one may return JAC_OK and no result. .clang-tidy says
# the rest.
FANALYZER := -O1 -fanalyzer -Wno-analyzer-malloc-leak -Wno-analyzer-null-dereference \
  -Wno-analyzer-possible-null-argument -Wno-analyzer-possible-null-dereference \
  -Wno-analyzer-use-of-uninitialized-value
analyse: $(LIB_SRC:%.c=$(BUILD)/tidy/%) $(CLI_SRC:%.c=$(BUILD)/tidy/%) ## cppcheck, clang-tidy and gcc's -fanalyzer over the sources
	@.ci/need cmd:cppcheck=cppcheck $(NEED)
	cppcheck --enable=warning,performance,portability --std=c11 -I. --quiet --error-exitcode=1 \
	  jacobian layers visual
	$(MAKE) BUILD=$(BUILD)/fanalyzer CC=gcc CFLAGS='$(FANALYZER)' WERROR=-Werror all

$(BUILD)/tidy/%: %.c .clang-tidy | deps deps-tidy
	@mkdir -p $(@D)
	$(call run,TIDY,$<)clang-tidy --quiet $< -- $(wordlist 2,99,$(COMPILE)) \
	  -DJAC_CBLAS='""' -DJAC_LOCALE_DIR='""' -DJAC_LANGUAGES='""' 2>/dev/null && touch $@
deps-tidy: deps
	@.ci/need cmd:clang-tidy=clang-tidy

format: ## set the sources as .clang-format says
	@.ci/need cmd:clang-format=clang-format
	clang-format -i $(shell git ls-files '*.c' '*.h')

BASH_COMPLETION := share/bash-completion/completions/jacobian
ZSH_COMPLETION ?= share/zsh/site-functions/_jacobian
FISH_COMPLETION := share/fish/vendor_completions.d/jacobian.fish
include_dir = $(DESTDIR)$(PREFIX)/include/jacobian
install: all ## install under $(DESTDIR)$(PREFIX)
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBDIR)/pkgconfig
	$(INSTALL) $(BUILD)/jacobian $(DESTDIR)$(PREFIX)/bin/jacobian
	$(INSTALL) -m 644 $(BUILD)/libjacobian.a $(DESTDIR)$(LIBDIR)/
	$(INSTALL) -m 644 $(BUILD)/libjacobian.so $(DESTDIR)$(LIBDIR)/libjacobian.so.$(VERSION)
	ln -sf libjacobian.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libjacobian.so.0
	ln -sf libjacobian.so.0 $(DESTDIR)$(LIBDIR)/libjacobian.so
	if [ -e $(BUILD)/page.html ]; then \
	  $(INSTALL) -D -m 644 $(BUILD)/page.html $(DESTDIR)$(PREFIX)/share/jacobian/page.html; fi
	for h in $(HEADERS); do \
	  $(INSTALL) -D -m 644 $$h $(include_dir)/$$h || exit 1; done
	for p in $(MAN:$(BUILD)/man/%=%); do \
	  $(INSTALL) -D -m 644 $(BUILD)/man/$$p $(DESTDIR)$(PREFIX)/share/man/$$p || exit 1; done
	$(INSTALL) -D -m 644 docs/man/libjacobian.3 $(DESTDIR)$(PREFIX)/share/man/man3/libjacobian.3
	$(INSTALL) -D -m 644 visual/completion/jacobian.bash $(DESTDIR)$(PREFIX)/$(BASH_COMPLETION)
	$(INSTALL) -D -m 644 visual/completion/_jacobian $(DESTDIR)$(PREFIX)/$(ZSH_COMPLETION)
	$(INSTALL) -D -m 644 visual/completion/jacobian.fish $(DESTDIR)$(PREFIX)/$(FISH_COMPLETION)
	for l in $(LANGUAGES); do $(INSTALL) -D -m 644 $(BUILD)/locale/$$l/LC_MESSAGES/jacobian.mo \
	  $(DESTDIR)$(PREFIX)/share/locale/$$l/LC_MESSAGES/jacobian.mo || exit 1; done
	printf '%s\n' 'prefix=$(PREFIX)' 'Name: jacobian' \
	  'Description: explicit Jacobians of neural-network modules, shown and checked' \
	  'Version: $(VERSION)' 'Requires: gsl' 'Requires.private: md4c jansson' 'Cflags: -I$${prefix}/include/jacobian' \
	  'Libs: -L$(LIBDIR) -ljacobian' >$(DESTDIR)$(LIBDIR)/pkgconfig/jacobian.pc

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/jacobian $(DESTDIR)$(LIBDIR)/libjacobian.a \
	  $(DESTDIR)$(LIBDIR)/libjacobian.so $(DESTDIR)$(LIBDIR)/libjacobian.so.0 \
	  $(DESTDIR)$(LIBDIR)/libjacobian.so.$(VERSION) \
	  $(DESTDIR)$(LIBDIR)/pkgconfig/jacobian.pc
	rm -f $(MAN:$(BUILD)/man/%=$(DESTDIR)$(PREFIX)/share/man/%) \
	  $(DESTDIR)$(PREFIX)/share/man/man3/libjacobian.3 $(DESTDIR)$(PREFIX)/$(BASH_COMPLETION) \
	  $(DESTDIR)$(PREFIX)/$(ZSH_COMPLETION) $(DESTDIR)$(PREFIX)/$(FISH_COMPLETION)
	rm -f $(LANGUAGES:%=$(DESTDIR)$(PREFIX)/share/locale/%/LC_MESSAGES/jacobian.mo)
	rm -rf $(include_dir) $(DESTDIR)$(PREFIX)/share/jacobian

api: ## pages of the library's interface, by Doxygen
	@.ci/need cmd:doxygen=doxygen
	@mkdir -p $(BUILD)
	@{ cat docs/Doxyfile; echo OUTPUT_DIRECTORY=$(BUILD)/api; } | doxygen -
	@echo $(BUILD)/api/html/index.html

site: all api ## docs/ as a static site, ready for any host
	@.ci/need cmd:pandoc=pandoc cmd:mandoc=mandoc
	@.ci/site $(BUILD)/site

# The sources as they are committed: the same bytes each time.
ARCHIVE := $(BUILD)/jacobian-$(VERSION).tar.gz
dist: ## a source archive, the same bytes each time
	@mkdir -p $(BUILD)
	git archive --format=tar --prefix=jacobian-$(VERSION)/ HEAD | gzip -n9 >$(ARCHIVE)
	@echo $(ARCHIVE)

dist-check: dist ## the archive builds and passes outside git
	@cp $(ARCHIVE) $(BUILD)/first.tar.gz
	@$(MAKE) -s dist >/dev/null && cmp $(ARCHIVE) $(BUILD)/first.tar.gz && rm $(BUILD)/first.tar.gz
	rm -rf $(BUILD)/dist && mkdir $(BUILD)/dist && tar -xzf $(ARCHIVE) -C $(BUILD)/dist
	env -u MAKEFLAGS -u MAKELEVEL GIT_DIR=/nonexistent $(MAKE) -C $(BUILD)/dist/jacobian-$(VERSION) BUILD=build check
	rm -rf $(BUILD)/dist

deb: dist ## Debian packages: program, library, -dev
	@.ci/need file:/usr/share/build-essential/list=build-essential cmd:dh=debhelper cmd:dpkg-buildpackage=dpkg-dev cmd:fakeroot=fakeroot cmd:lintian=lintian
	@.ci/deb $(ARCHIVE) $(BUILD)/deb

deb-check: deb ## the packages on a bare Debian 12 (root)
	@.ci/need cmd:debootstrap=debootstrap
	@.ci/deb-check $(BUILD)/deb

clean: ## remove what was built
	rm -rf $(BUILD)

-include $(OBJ:.o=.d)
