# What the machine has, and what it lacks: included before all that is built.
# `make`, `make install` install nothing: they say what is missing. Any other target installs
# what it needs, as root or with sudo.
NEED := cc libc pkg-config gsl jansson md4c png zlib zstd csv gettext
NEED_CHECK := check
GOALS := $(or $(MAKECMDGOALS),all)
need = CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' CPPFLAGS='$(CPPFLAGS)' LDFLAGS='$(LDFLAGS)' .ci/need

# What the machine has (CBLAS, ARB, ...), looked up anew each time once the packages are there.
# Certified checks want FLINT, which the rest does without.
$(BUILD)/config.mk: FORCE
	@$(need) $(if $(filter-out all install,$(GOALS))$(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),,--say) \
	  $(NEED) $(if $(filter-out all install demo deps,$(GOALS)),$(NEED_CHECK)) $(if $(wildcard $@)$(findstring command,$(origin ARB)),,?flint)
	@CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' CPPFLAGS='$(CPPFLAGS)' LDFLAGS='$(LDFLAGS)' .ci/configure $@
ifneq ($(filter-out help clean uninstall,$(GOALS)),)
include $(BUILD)/config.mk
endif

deps: ## install what the build needs (root or sudo)
deps-check: ## ... and the tests

ifeq ($(shell uname),Darwin)
CPPFLAGS += -I$(shell brew --prefix)/include
LDFLAGS += -L$(shell brew --prefix)/lib
SONAME := libjacobian.0.dylib
SHARED := libjacobian.dylib
SHARED_FLAGS = -dynamiclib -install_name $(LIBDIR)/$(SONAME)
else
SONAME := libjacobian.so.0
SHARED := libjacobian.so
SHARED_FLAGS = -shared -Wl,-soname,$(SONAME)
BALLS_FLAGS = -Wl,-Bsymbolic
endif

# FLINT takes the program longer to load than the rest of its work: what needs it is an object
# of its own, loaded when asked for, where $(BALLS) names it (a static build has `ARB=`).
# Sanitizers open objects from a place of their own: there it is linked.
BALLS = $(if $(strip $(ARB)),$(if $(strip $(SANITIZE)),,$(BUILD)/balls-$(VERSION).so))
BALLS_OBJ := $(call objects,jacobian/formula/number_ball.c jacobian/value/field_ball.c)
LOAD_OBJ = $(if $(BALLS),$(call objects,$(call sources,visual/balls)))

# The program, which shows its names to modules, has the same: here they mean its own.
$(BUILD)/balls-$(VERSION).so: $(BALLS_OBJ)
	$(call run,LD,$@)$(LINK) -shared $(BALLS_FLAGS) -o $@ $^ $(ARB) -lm
