# jacobian: `make help` lists what there is. What is needed to build, check and install stands
# here; the other targets in .ci/*.mk, what has to be installed for them in .ci/packages.
VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
PKG_CONFIG ?= pkg-config
INSTALL ?= install
CFLAGS ?= -O3 -g
# `make V=1` shows the commands, WERROR=-Werror is what CI builds with, OPENMP=1 puts large
# cases on as many threads as OMP_NUM_THREADS says (the same bits), ARB= leaves certified
# checks out, CBLAS=gslcblas takes GSL's own.
WERROR ?=
OPENMP ?=
FOPENMP := $(if $(OPENMP),-fopenmp)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
  -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
run = $(if $(V),,@printf '  %s %s\n' $(1) $(2);)

# What a file belongs to is said by where it stands; a new file needs no line here.
sources = $(sort $(shell find $(1) -name '*.$(or $(2),c)'))
LIB_SRC := $(call sources,jacobian layers)
CLI_SRC := $(filter-out visual/engine/wasm/% visual/balls/%,$(call sources,visual))
SUITE_SRC := $(filter tests/%,$(shell find tests -name 'test_*.c' | sort))
# Programs of their own: build/NAME from tests/NAME/*.c.
PROGRAMS := accuracy trial faults threads meaning
TEST_SRC := $(filter-out $(PROGRAMS:%=tests/%/%) tests/fuzz/% tests/bench/% tests/preload/%,$(call sources,tests))
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJ := $(call objects,$(LIB_SRC))
CLI_OBJ := $(call objects,$(CLI_SRC))
TEST_OBJ := $(call objects,$(TEST_SRC))
MAIN_OBJ := $(BUILD)/obj/visual/cli/main.o
# What a program of the tests is linked from, beside its own.
PARTS = $(filter-out $(MAIN_OBJ),$(CLI_OBJ)) $(BUILD)/libjacobian.a
# What is installed: all headers but those that only the library's own files share.
HEADERS := $(filter-out %_internal.h layers/table.h,$(call sources,jacobian layers,h))
# A translation is one file visual/po/LANGUAGE.po.
PO := $(wildcard visual/po/*.po)
LANGUAGES := $(basename $(notdir $(PO)))
# A page of the manual a command, as visual/cli/commands.h lists them.
COMMANDS := $(shell sed -n 's/^COMMAND(jac_command_\(.*\))$$/\1/p' visual/cli/commands.h)
PAGES := jacobian.1 $(COMMANDS:%=jacobian-%.1)
MAN := $(PAGES:%=$(BUILD)/man/man1/%) $(foreach l,$(LANGUAGES),$(PAGES:%=$(BUILD)/man/$l/man1/%))

.DEFAULT_GOAL := all
.PHONY: all help check install uninstall clean deps deps-check FORCE
FORCE:

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]*:.*## / {printf "%-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# What the machine has, installing what it lacks where a target may: CBLAS, ARB, NOTES_LIBS,
# PC_CFLAGS, CHECK_LIBS, SHARED and its flags, BALLS (what needs FLINT), $(need) NAME.
include .ci/machine.mk
LIBS = $(NOTES_LIBS) $(ARB) -lgsl -l$(CBLAS) -lm $(FOPENMP)
CLI_LIBS = -ljansson -lcsv -lpng -lz -lzstd -pthread
PROGRAM_LIBS = $(CLI_LIBS) $(if $(BALLS),$(filter-out $(ARB),$(LIBS)),$(LIBS))
# GSL's element access inline and without a test of its own: sizes are checked before.
COMPILE = $(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -DHAVE_INLINE -DGSL_RANGE_CHECK_OFF $(WARNINGS) $(WERROR) $(CPPFLAGS) $(OWN) \
  -I. -include $(BUILD)/config.h $(PC_CFLAGS) -fPIC $(CFLAGS) $(FOPENMP) $(SANITIZE)
LINK = $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS)

# The same for the sources, as #define: an object is made anew when it changes.
defines = @mkdir -p $(@D); new=$@.$$$$; printf '\#define %s\n' $(1) >$$new; if cmp -s $$new $@; then rm $$new; else mv $$new $@; fi
$(BUILD)/config.h: FORCE
	$(call defines,'JAC_VERSION "$(VERSION)"' 'JAC_CBLAS "$(CBLAS)"' $(if $(strip $(ARB)),JAC_ARB))
$(BUILD)/place.h: FORCE
	$(call defines,'JAC_SHARE "$(PREFIX)/share/jacobian"' 'JAC_LIB "$(LIBDIR)"' \
	  'JAC_BALLS "balls-$(VERSION).so"')
PLACED := $(BUILD)/obj/visual/page/page.o $(BUILD)/obj/visual/balls/load.o
$(PLACED): OWN += -I$(BUILD)
$(PLACED): $(BUILD)/place.h

all: $(BUILD)/jacobian $(BUILD)/libjacobian.a $(BUILD)/$(SHARED) $(MAN) ## build the program and the libraries

$(BUILD)/obj/%.o: %.c $(BUILD)/config.h
	@mkdir -p $(@D)
	$(call run,CC,$<)$(COMPILE) -MMD -MP -c $< -o $@

$(BUILD)/libjacobian.a: $(LIB_OBJ)
	@rm -f $@
	$(call run,AR,$@)$(AR) rcs $@ $^

$(BUILD)/$(SHARED): $(LIB_OBJ)
	$(call run,LD,$@)$(LINK) $(SHARED_FLAGS) -o $@ $^ $(LIBS)

# visual/balls before the library, whose own objects for balls are then not taken.
$(BUILD)/jacobian: $(CLI_OBJ) $(LOAD_OBJ) $(BUILD)/libjacobian.a | $(BALLS)
	$(call run,LD,$@)$(LINK) -rdynamic -o $@ $^ $(PROGRAM_LIBS)

# Every tests/.../test_NAME.c defines `Suite *NAME_suite(void)`; the runner's list is made
# from the names of the files.
$(BUILD)/tests/suites.h: $(SUITE_SRC) Makefile
	@mkdir -p $(@D)
	@printf 'SUITE(%s_suite)\n' $(patsubst test_%,%,$(basename $(notdir $(SUITE_SRC)))) >$@
$(BUILD)/obj/tests/runner.o: OWN += -I$(BUILD)/tests
$(BUILD)/obj/tests/runner.o: $(BUILD)/tests/suites.h

$(BUILD)/tests/runner: $(TEST_OBJ) $(PARTS)
	$(call run,LD,$@)$(LINK) -o $@ $^ $(CHECK_LIBS) $(CLI_LIBS) $(LIBS)

# The course's pages: their derivations are the program's, and all of them are judged.
COURSE = $(wildcard docs/course/*.md docs/course/*/*.md)
check: $(BUILD)/tests/runner $(BUILD)/jacobian po-check example-check ## build and pass the tests
	CK_TIMEOUT_MULTIPLIER=$${CK_TIMEOUT_MULTIPLIER:-5} JACOBIAN=$(BUILD)/jacobian $(BUILD)/tests/runner
	LC_ALL=C COLUMNS=40 $(BUILD)/jacobian update --check $(COURSE)
	$(BUILD)/jacobian verify --strict $(COURSE)

comma := ,
# What explore needs, where `make page` built it.
PAGE ?= $(BUILD)/page.html
# What is installed beside the headers, under the prefix: PLACE=FILE.
ZSH_COMPLETION ?= share/zsh/site-functions/_jacobian
SHARE = $(foreach p,$(MAN:$(BUILD)/man/%=%),share/man/$p=$(BUILD)/man/$p) share/man/man3/libjacobian.3=docs/man/libjacobian.3 \
  share/bash-completion/completions/jacobian=visual/completion/jacobian.bash $(ZSH_COMPLETION)=visual/completion/_jacobian \
  share/fish/vendor_completions.d/jacobian.fish=visual/completion/jacobian.fish \
  share/texmf/tex/latex/jacobian/jacobian.sty=visual/tex/jacobian.sty \
  share/texmf/doc/latex/jacobian/jacobian-doc.tex=visual/tex/jacobian-doc.tex \
  share/texmf/doc/latex/jacobian/README.md=visual/tex/README.md
ROOT = $(DESTDIR)$(PREFIX)
install: all ## install under $(DESTDIR)$(PREFIX)
	$(INSTALL) -d $(ROOT)/bin $(ROOT)/include $(DESTDIR)$(LIBDIR)/pkgconfig
	$(INSTALL) $(BUILD)/jacobian visual/tex/jacobian-filter $(ROOT)/bin/
	$(INSTALL) -m 644 $(BUILD)/libjacobian.a $(DESTDIR)$(LIBDIR)/
	$(INSTALL) -m 644 $(BUILD)/$(SHARED) $(DESTDIR)$(LIBDIR)/$(SONAME)
	$(if $(BALLS),$(INSTALL) -d $(DESTDIR)$(LIBDIR)/jacobian && $(INSTALL) -m 644 $(BALLS) $(DESTDIR)$(LIBDIR)/jacobian/)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/$(SHARED)
	@set -e; for pair in $(SHARE) $(foreach h,$(HEADERS),include/jacobian/$h=$h); do place=$(ROOT)/$${pair%%=*}; \
	  $(INSTALL) -d "$${place%/*}"; $(INSTALL) -m 644 "$${pair#*=}" "$$place"; done
	@printf '%s\n' 'prefix=$(PREFIX)' 'Name: jacobian' \
	  'Description: explicit Jacobians of neural-network modules, shown and checked' \
	  'Version: $(VERSION)' 'Requires: gsl' 'Requires.private: md4c jansson' 'Cflags: -I$${prefix}/include/jacobian' \
	  'Libs: -L$(LIBDIR) $(if $(filter /usr /usr/%,$(PREFIX)),,-Wl$(comma)-rpath$(comma)$(LIBDIR) )-ljacobian' \
	  >$(DESTDIR)$(LIBDIR)/pkgconfig/jacobian.pc
	@if [ -e $(PAGE) ]; then $(INSTALL) -d $(ROOT)/share/jacobian && $(INSTALL) -m 644 $(PAGE) $(ROOT)/share/jacobian/page.html; \
	  else echo 'jacobian: installed without the page that explore writes: make page, then make install'; fi
	@if [ -z '$(DESTDIR)' ] && [ "$$(id -u)" = 0 ] && command -v ldconfig >/dev/null; then ldconfig 2>/dev/null || true; fi

uninstall: ## remove what install put there
	rm -f $(ROOT)/bin/jacobian $(ROOT)/bin/jacobian-filter $(addprefix $(DESTDIR)$(LIBDIR)/,libjacobian.a $(SHARED) $(SONAME) pkgconfig/jacobian.pc)
	rm -f $(foreach pair,$(SHARE),$(ROOT)/$(firstword $(subst =, ,$(pair))))
	rm -rf $(ROOT)/include/jacobian $(ROOT)/share/jacobian $(DESTDIR)$(LIBDIR)/jacobian

include $(filter-out .ci/machine.mk,$(sort $(wildcard .ci/*.mk)))

clean: ## remove what was built
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
