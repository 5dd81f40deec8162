# The page: its engine as WebAssembly, itself in a browser.
.PHONY: page page-test page-lint engine-test

$(BUILD)/page/engine.wasm: FORCE
	@.ci/engine $(BUILD)/page $(VERSION)

engine-test: $(BUILD)/page/engine.wasm $(BUILD)/jacobian ## the engine as WebAssembly against the command
	@$(need) node
	node tests/browser/engine.mjs $(BUILD)/page/engine.wasm $(BUILD)/jacobian

# What the page's script is made with and of; it goes to BUILD and is never committed. Only
# this step needs npm.
BUNDLER := esbuild@0.28.2 preact@11.2.0 @preact/signals@2.11.4
$(BUILD)/npm/installed: .ci/page.mk
	@$(need) npm
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(@D) $(BUNDLER)
	@touch $@

$(BUILD)/page/script.js: $(wildcard visual/page/*.js visual/page/*.jsx) $(BUILD)/npm/installed
	@mkdir -p $(@D)
	NODE_PATH=$(abspath $(BUILD))/npm/node_modules $(BUILD)/npm/node_modules/.bin/esbuild visual/page/main.jsx --bundle \
	  --minify --format=iife --target=es2022 --jsx=automatic --jsx-import-source=preact --charset=utf8 --log-level=warning --outfile=$@

MATHS := /usr/share/texmf/fonts/opentype/public/lm-math/latinmodern-math.otf
$(BUILD)/page/maths.woff2: .ci/maths
	@mkdir -p $(@D)
	@$(need) fonttools brotli lm-math
	.ci/maths $(MATHS) $@

$(BUILD)/page.html: $(BUILD)/page/engine.wasm $(BUILD)/page/script.js $(BUILD)/page/maths.woff2 .ci/page $(wildcard visual/page/*)
	@$(need) python cmd:zopfli=zopfli
	.ci/page $(filter $(BUILD)/page/%,$^) $@

page: $(BUILD)/page.html ## build the page (BUILD/page.html), which explore needs

# Versions that are known to work; they go to BUILD and are never committed.
BROWSER_TOOLS := playwright-core@1.55.1 puppeteer-core@24.43.1 axe-core@4.14.1
page-test: page engine-test ## the page in Chromium and in Firefox, from a file, without network
	@$(need) chromium firefox npm dejavu
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(BUILD)/browser $(BROWSER_TOOLS)
	JACOBIAN_PAGE=$(BUILD)/page.html node tests/browser/page.mjs $(BUILD)/jacobian $(BUILD)/browser \
	  "$$(command -v chromium)" $(BUILD)/browser/pictures
	node tests/browser/monkey.mjs $(BUILD)/jacobian $(BUILD)/browser "$$(command -v chromium)" $(BUILD)/page.html
	node tests/browser/firefox.mjs $(BUILD)/page.html $(BUILD)/browser "$$(command -v firefox-esr || command -v firefox)" \
	  $(BUILD)/jacobian $(BUILD)/browser/pictures

page-lint: ## the page's script and style as the linter and the formatter want them
	@$(need) npm
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(BUILD)/lint eslint@9.17.0 prettier@3.3.3
	$(BUILD)/lint/node_modules/.bin/eslint -c tests/browser/eslint.config.mjs visual/page visual/npm
	$(BUILD)/lint/node_modules/.bin/prettier --print-width 120 --check visual/page/*.js visual/page/*.jsx visual/page/*.css visual/npm/*.js visual/npm/*.d.ts tests/browser/*.mjs tests/npm/*.m?s
