# Texts, their translation, the manual, the completion, the documents.
.PHONY: po po-check man-check completion-check example-check docs gallery font api site golden demo

# Every text that a person reads, as the sources have it.
$(BUILD)/jacobian.pot: $(LIB_SRC) $(CLI_SRC) $(HEADERS)
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

# The translations are compiled in: they need neither a locale nor a place.
$(BUILD)/catalogues.h: $(PO) .ci/catalogues
	$(call run,PO,$(PO)).ci/catalogues $@ && touch $@
$(BUILD)/obj/visual/cli/language.o: OWN += -I$(BUILD)
$(BUILD)/obj/visual/cli/language.o: $(BUILD)/catalogues.h

# The program writes its own manual, and its translation's.
manual = @mkdir -p $(@D); $< --lang $(1) --manual $(patsubst jacobian-%,%,$(filter-out jacobian,$*)) >$@
$(BUILD)/man/man1/%.1: $(BUILD)/jacobian
	$(call manual,en)
define translated_manual
$(BUILD)/man/$1/man1/%.1: $(BUILD)/jacobian
	$$(call manual,$1)
endef
$(foreach l,$(LANGUAGES),$(eval $(call translated_manual,$l)))

man-check: $(MAN) ## the manual's pages as their formatter sees them
	@$(need) mandoc
	@! mandoc -Tlint $(filter $(BUILD)/man/man1/%,$(MAN)) docs/man/libjacobian.3 | grep -v 'referenced manual not found'
	@! mandoc -Tlint -W error $(MAN) | grep .

completion-check: $(BUILD)/jacobian ## the completion in the shells themselves
	@$(need) bash bash-completion zsh fish
	@.ci/completion $(BUILD)/jacobian

# docs/library.md: its program is the file beside it, and prints what stands there.
$(BUILD)/library: docs/examples/library.c $(BUILD)/libjacobian.a
	$(call run,CC,$<)$(COMPILE) $< -o $@ $(LDFLAGS) $(BUILD)/libjacobian.a $(LIBS)

example-check: $(BUILD)/library
	@sed -n '/^```c$$/,/^```$$/{/^```/!p;}' docs/library.md | diff - docs/examples/library.c
	@$(BUILD)/library | diff - tests/visual/golden/library.txt
	@sed -n '/^\$$ .\/library$$/,/^```$$/{/^[$$`]/!p;}' docs/library.md | diff - tests/visual/golden/library.txt

golden: $(BUILD)/tests/runner $(BUILD)/jacobian ## write the golden files anew and show what changed
	JAC_GOLDEN=write JACOBIAN=$(BUILD)/jacobian $(BUILD)/tests/runner
	$(BUILD)/jacobian update $(COURSE)
	git --no-pager diff --stat -p -- tests docs/course

docs: $(BUILD)/jacobian ## the article of docs/writing.md as a PDF, from its five commands
	@$(need) $(LATEX)
	@.ci/docs $< $(BUILD)/docs

gallery: $(BUILD)/jacobian ## make the pictures of docs/gallery from its commands
	@.ci/gallery $(BUILD)/jacobian

font: ## write the letters of pictures anew from their font
	@$(need) fonttools dejavu
	/usr/bin/python3 .ci/font /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf >visual/picture/font_table.h

api: ## pages of the library's interface, by Doxygen
	@$(need) doxygen
	@mkdir -p $(BUILD)
	@{ cat docs/Doxyfile; echo OUTPUT_DIRECTORY=$(BUILD)/api; } | doxygen -
	@echo $(BUILD)/api/html/index.html

site: all api page ## docs/ as a static site, ready for any host
	@$(need) pandoc mandoc python node
	@.ci/site $(BUILD)/site

demo: $(BUILD)/jacobian ## build and show what the program is for
	@.ci/demo $(BUILD)/jacobian
