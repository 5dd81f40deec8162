// Starts `jacobian lsp` and lets the client of the protocol do the rest.
'use strict';
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

const languages = ['markdown', 'quarto', 'latex', 'tex', 'restructuredtext'];
let client;

function settings() {
  const { notUnderstood, marks } = vscode.workspace.getConfiguration('jacobian');
  return { notUnderstood, marks };
}

async function activate(context) {
  const command = vscode.workspace.getConfiguration('jacobian').path || 'jacobian';
  client = new LanguageClient(
    'jacobian',
    { command, args: ['lsp'] },
    {
      documentSelector: languages.map((language) => ({ language })),
      initializationOptions: settings(),
      synchronize: { configurationSection: 'jacobian' },
    },
  );
  context.subscriptions.push({ dispose: () => client.stop() });
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(
      `jacobian: ${command} does not start (${error.message}): install it, or set jacobian.path`);
  }
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
