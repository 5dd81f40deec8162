-- A person at work in Neovim: a wrong sign is seen, taken away, typed again, corrected.
local function wait(what, done)
  if not vim.wait(30000, done, 50) then error('never came: ' .. what) end
end

local function found() return vim.diagnostic.get(0) end

local function work()
  vim.cmd('edit ' .. os.getenv('NOTES'))
  local client = vim.lsp.start_client({ name = 'jacobian', cmd = { os.getenv('JACOBIAN'), 'lsp' } })
  assert(client and vim.lsp.buf_attach_client(0, client), 'no client')
  wait('the first verdict', function() return #found() == 1 end)
  local d = found()[1]
  assert(d.severity == vim.diagnostic.severity.ERROR, 'no error')
  assert(d.message:find('opposite sign'), d.message)
  local line = vim.api.nvim_buf_get_lines(0, d.lnum, d.lnum + 1, true)[1]
  assert(line:sub(d.col + 1, d.end_col) == '-W^\\top', 'the range is ' .. line:sub(d.col + 1, d.end_col))

  vim.api.nvim_buf_set_text(0, d.lnum, d.col, d.lnum, d.col + 1, { '' })
  wait('that it holds', function() return #found() == 0 end)
  vim.api.nvim_buf_set_lines(0, 4, 5, true, { 'one', 'two 𝔸', 'three' })
  vim.api.nvim_buf_set_text(0, d.lnum + 2, d.col, d.lnum + 2, d.col, { '-' })
  wait('that it is wrong again', function() return #found() == 1 and found()[1].lnum == d.lnum + 2 end)

  local position = { line = d.lnum + 2, character = d.col + 1 }
  local uri = { uri = vim.uri_from_bufnr(0) }
  local hover = vim.lsp.buf_request_sync(0, 'textDocument/hover', { textDocument = uri, position = position }, 5000)
  assert(hover[client].result.contents.value:find('does not hold'), 'no hover')
  local actions = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', {
    textDocument = uri, range = { start = position, ['end'] = position }, context = { diagnostics = {} },
  }, 5000)
  local action = actions[client].result[1]
  assert(action, 'no correction')
  vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
  wait('that the correction holds', function() return #found() == 0 end)
  vim.lsp.stop_client(client)
end

local fine, why = pcall(work)
if not fine then
  io.stderr:write('neovim: ' .. tostring(why) .. '\n')
  vim.cmd('cquit 1')
end
vim.cmd('qall!')
