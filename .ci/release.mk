# The archive and the packages.
.PHONY: dist dist-check deb deb-check release watch

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
	env -u MAKEFLAGS -u MAKELEVEL GIT_DIR=/nonexistent $(MAKE) -j2 -C $(BUILD)/dist/jacobian-$(VERSION) BUILD=build CC='$(CC)' WERROR=$(WERROR) check
	rm -rf $(BUILD)/dist

deb: dist page ## Debian packages: program, library, -dev
	@$(need) flint file:/usr/share/build-essential/list=build-essential cmd:dh=debhelper cmd:dpkg-buildpackage=dpkg-dev cmd:fakeroot=fakeroot cmd:lintian=lintian
	@.ci/deb $(ARCHIVE) $(BUILD)/page.html $(BUILD)/deb

deb-check: deb ## the packages on a bare Debian 12 (root)
	@$(need) cmd:debootstrap=debootstrap
	@.ci/deb-check $(BUILD)/deb

# The README's two commands where nothing is installed; a suite is left out where no mirror has it.
ROOTS ?= bookworm trixie noble
.PHONY: roots
roots: dist ## `make demo`, `make check`, `make install` on bare systems (ROOTS=trixie; root)
	@.ci/roots $(ARCHIVE) $(BUILD)/roots $(ROOTS)

# The npm package and the wheel are added where their targets are made: RELEASE += FILE.
RELEASE += $(ARCHIVE) $(BUILD)/page.html
release: dist page deb ## all that is published, with checksums, in BUILD/release; TAG=1 tags the commit
	@.ci/release $(VERSION) $(BUILD)/release $(RELEASE) $(BUILD)/deb/*.deb
	$(if $(TAG),git tag -a v$(VERSION) -m 'jacobian $(VERSION)',@echo 'rehearsed: make release TAG=1 tags v$(VERSION)')

watch: ## make check whenever a source changes
	@$(need) cmd:inotifywait=inotify-tools
	@while :; do $(MAKE) -s check 2>&1 | grep -v '^  \|^ ' | tail -n 20; \
	  inotifywait -qq -r -e close_write,move,delete jacobian layers visual tests docs || exit 0; done

.PHONY: musl
musl: ## the program with musl, static, from the sources of what it stands on
	@.ci/musl $(BUILD)/musl
