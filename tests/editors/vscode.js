// The VS Code extension as far as Node alone goes: it starts the client with what the settings
// say, and its library of the protocol has the server judge notes.
'use strict';
const assert = require('node:assert');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const extension = path.resolve(process.argv[2]);
const inside = Module.createRequire(path.join(extension, 'extension.js'));
const program = process.env.JACOBIAN;

// What the extension asks of VS Code, played; the client is looked at, not run.
async function starts() {
  const made = [], said = [];
  class LanguageClient {
    constructor(...how) { made.push(how); }
    async start() { if (made.length > 1) throw new Error('spawn ENOENT'); }
    async stop() { made.stopped = true; }
  }
  const vscode = {
    workspace: { getConfiguration: () => ({ path: program, notUnderstood: true, marks: false }) },
    window: { showErrorMessage: (text) => said.push(text) },
  };
  const load = Module._load;
  Module._load = (name, ...rest) =>
    name === 'vscode' ? vscode
      : name === 'vscode-languageclient/node' ? { LanguageClient } : load(name, ...rest);
  const { activate, deactivate } = inside('./extension.js');
  Module._load = load;
  const context = { subscriptions: [] };
  await activate(context);
  const [, server, client] = made[0];
  assert.deepStrictEqual(server, { command: program, args: ['lsp'] });
  assert.deepStrictEqual(client.initializationOptions, { notUnderstood: true, marks: false });
  assert(client.documentSelector.some(({ language }) => language === 'markdown'));
  assert.strictEqual(context.subscriptions.length, 1);
  await activate(context);
  assert(said.length === 1 && said[0].includes('ENOENT'));
  await deactivate();
  assert(made.stopped);
  for (const name of Object.keys(inside('./package.json').contributes.configuration.properties))
    assert(['jacobian.path', 'jacobian.notUnderstood', 'jacobian.marks'].includes(name), name);
}

// A notebook: its cells are judged together, and each has its own verdicts.
async function notebook(protocol, connection, heard, capabilities) {
  assert.strictEqual(capabilities.notebookDocumentSync.notebookSelector[0].notebook, '*');
  const { NotebookCellKind, DiagnosticSeverity } = protocol;
  const cell = (name, kind) => ({ kind, document: `vscode-notebook-cell:/n.ipynb#${name}` });
  const text = ({ document }, languageId, words) => ({ uri: document, languageId, version: 1, text: words });
  const cells = [cell('a', NotebookCellKind.Markup), cell('b', NotebookCellKind.Code), cell('c', NotebookCellKind.Markup)];
  const notebookDocument = { uri: 'file:///n.ipynb', notebookType: 'jupyter-notebook', version: 1, cells };
  const formula = '$$\\frac{\\partial y}{\\partial x} = -W$$';
  const last = (document) => heard.findLast(({ uri }) => uri === document)?.diagnostics;
  heard.length = 0;
  await connection.sendNotification(protocol.DidOpenNotebookDocumentNotification.type, {
    notebookDocument,
    cellTextDocuments: [text(cells[0], 'markdown', 'Let $y = W x$.'), text(cells[1], 'python', formula),
      text(cells[2], 'markdown', `Then\n${formula}`)],
  });
  const there = { textDocument: { uri: cells[2].document }, position: { line: 1, character: 17 } };
  const hover = await connection.sendRequest(protocol.HoverRequest.type, there);
  assert(hover.contents.value.includes('cell 1, line 1'), hover.contents.value);
  const [wrong] = last(cells[2].document);
  assert(wrong.severity === DiagnosticSeverity.Error && wrong.range.start.line === 1);
  assert.deepStrictEqual(last(cells[0].document), []);
  assert.strictEqual(last(cells[1].document), undefined);
  await connection.sendNotification(protocol.DidChangeNotebookDocumentNotification.type, {
    notebookDocument: { uri: notebookDocument.uri, version: 2 },
    change: { cells: { textContent: [{ document: { uri: cells[2].document, version: 2 }, changes: [
      { range: wrong.range, text: 'W' }] }] } },
  });
  await connection.sendRequest(protocol.HoverRequest.type, there);
  assert.deepStrictEqual(last(cells[2].document), []);
  await connection.sendNotification(protocol.DidCloseNotebookDocumentNotification.type, {
    notebookDocument: { uri: notebookDocument.uri }, cellTextDocuments: cells.map(({ document }) => ({ uri: document })),
  });
}

async function judges() {
  const protocol = inside('vscode-languageserver-protocol/node');
  const server = spawn(program, ['lsp'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(server.stdout), new protocol.StreamMessageWriter(server.stdin));
  const heard = [];
  let wake = () => {};
  connection.onNotification(protocol.PublishDiagnosticsNotification.type, (params) => {
    heard.push(params);
    wake();
  });
  const next = async () => {
    if (heard.length === 0) await new Promise((done) => { wake = done; });
    return heard.shift().diagnostics;
  };
  connection.listen();
  const { capabilities } = await connection.sendRequest(protocol.InitializeRequest.type, {
    processId: process.pid, rootUri: null, capabilities: {}, initializationOptions: { marks: true },
  });
  assert.strictEqual(capabilities.textDocumentSync.change, protocol.TextDocumentSyncKind.Incremental);
  await connection.sendNotification(protocol.InitializedNotification.type, {});
  const uri = pathToFileURL(process.env.NOTES).href;
  const text = fs.readFileSync(process.env.NOTES, 'utf8');
  await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type,
    { textDocument: { uri, languageId: 'markdown', version: 1, text } });
  const [wrong, ...more] = await next();
  assert(more.length === 0 && wrong.severity === protocol.DiagnosticSeverity.Error);
  const line = text.split('\n')[wrong.range.start.line];
  assert.strictEqual(line.slice(wrong.range.start.character, wrong.range.end.character), '-W^\\top');
  const { start } = wrong.range;
  await connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start, end: { ...start, character: start.character + 1 } }, text: '' }],
  });
  assert.deepStrictEqual(await next(), []);
  const marks = await connection.sendRequest(protocol.InlayHintRequest.type, {
    textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
  });
  assert.strictEqual(marks.length, 2);
  await notebook(protocol, connection, heard, capabilities);
  await connection.sendRequest(protocol.ShutdownRequest.type);
  await connection.sendNotification(protocol.ExitNotification.type);
  assert.strictEqual(await new Promise((done) => server.on('exit', done)), 0);
}

starts().then(judges).then(
  () => console.log('vscode: the extension starts, its protocol has the verdicts'),
  (error) => { console.error(error); process.exit(1); });
