# The language server in the editors themselves, and the extension for VS Code.
.PHONY: editor-test vscode vscode-test

editor-test: $(BUILD)/jacobian ## the language server in Neovim and Emacs, without a screen
	@$(need) neovim emacs eglot
	.ci/editors $(BUILD)/jacobian

vscode: $(BUILD)/jacobian.vsix ## pack the extension for VS Code
$(BUILD)/jacobian.vsix: .ci/vscode LICENSE $(wildcard visual/vscode/*) | $(BUILD)/config.mk
	@$(need) node npm
	.ci/vscode $(BUILD) $(VERSION)

vscode-test: $(BUILD)/jacobian.vsix $(BUILD)/jacobian ## ... and try it, as far as Node goes
	@$(need) unzip
	.ci/vscode --test $(BUILD)
