# The engine and the page for npm.
.PHONY: npm npm-test

NPM := $(BUILD)/jacobian-explicit-$(VERSION).tgz
npm: $(NPM) ## the npm package: the engine for Node and browsers, and an element for pages
$(NPM): $(BUILD)/page.html .ci/npm LICENSE $(wildcard visual/npm/*)
	@$(need) npm
	.ci/npm $(BUILD) $(VERSION)

npm-test: $(NPM) $(BUILD)/jacobian ## ... installed into an empty project, and used there
	@$(need) npm chromium cmd:tsc=node-typescript
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(BUILD)/browser $(BROWSER_TOOLS)
	.ci/npm --test $(BUILD) $(VERSION)

RELEASE += $(NPM)
release: npm
