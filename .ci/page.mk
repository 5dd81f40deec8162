# The page: its engine as WebAssembly, itself in a browser.
.PHONY: page page-test page-lint engine-test

$(BUILD)/page/engine.wasm: FORCE
	@.ci/engine $(BUILD)/page $(VERSION)

engine-test: $(BUILD)/page/engine.wasm $(BUILD)/jacobian ## the engine as WebAssembly against the command
	@$(need) node
	node tests/browser/engine.mjs $(BUILD)/page/engine.wasm $(BUILD)/jacobian

$(BUILD)/page.html: $(BUILD)/page/engine.wasm .ci/page $(wildcard visual/page/*)
	@$(need) python
	.ci/page $< $@

page: $(BUILD)/page.html ## build the page (BUILD/page.html), which explore needs

# Versions that are known to work; they go to BUILD and are never committed.
BROWSER_TOOLS := playwright-core@1.55.1 axe-core@4.14.1
page-test: page engine-test ## the page in Chromium, from a file, without network
	@$(need) chromium npm dejavu
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(BUILD)/browser $(BROWSER_TOOLS)
	JACOBIAN_PAGE=$(BUILD)/page.html node tests/browser/page.mjs $(BUILD)/jacobian $(BUILD)/browser \
	  "$$(command -v chromium)" $(BUILD)/browser/pictures

page-lint: page ## the page's script and style as the linter and the formatter want them
	@$(need) npm
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(BUILD)/browser eslint@9.17.0 prettier@3.3.3
	$(BUILD)/browser/node_modules/.bin/eslint -c tests/browser/eslint.config.mjs $(BUILD)/page/script.js
	$(BUILD)/browser/node_modules/.bin/prettier --print-width 100 --check visual/page/*.js visual/page/*.css tests/browser/*.mjs
