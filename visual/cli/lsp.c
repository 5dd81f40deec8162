/* jacobian lsp: a language server on standard input and output. */
#include "jacobian/text.h"
#include "visual/cli/block.h"
#include "visual/cli/command.h"
#include "visual/cli/complete.h"
#include "visual/cli/outside.h"
#include "visual/lsp/server.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The whole is judged when nobody typed for so many milliseconds. */
enum { PAUSE = 300 };

enum { READS = 64 }; /* at once */

/* The judge of whole texts, on a thread of its own: it says that it is done by a byte. */
struct worker {
  pthread_t thread;
  struct jac_lsp_job job;
  bool busy;
  int done[2]; /* a pipe */
};

static void *work(void *context) {
  struct worker *w = context;
  jac_lsp_job_run(&w->job);
  while (write(w->done[1], "", 1) < 0 && errno == EINTR)
    continue;
  return NULL;
}

/* Starts the next job, where none is running; without a thread it is done at once. */
static void start_job(struct jac_lsp *server, struct worker *w) {
  if (w->busy || !jac_lsp_job_take(server, &w->job))
    return;
  w->busy = pthread_create(&w->thread, NULL, work, w) == 0;
  if (!w->busy) {
    jac_lsp_job_run(&w->job);
    jac_lsp_job_done(server, &w->job);
  }
}

static void end_job(struct jac_lsp *server, struct worker *w) {
  char byte;
  while (read(w->done[0], &byte, 1) < 0 && errno == EINTR)
    continue;
  pthread_join(w->thread, NULL);
  w->busy = false;
  jac_lsp_job_done(server, &w->job);
}

/* Sends all that there is; false: nobody listens. */
static bool send_out(struct jac_lsp *server) {
  for (size_t sent = 0; sent < server->out.length;) {
    ssize_t count =
        write(STDOUT_FILENO, server->out.text + sent, server->out.length - sent);
    if (count < 0 && errno != EINTR)
      return false;
    sent += count > 0 ? (size_t)count : 0;
  }
  jac_buffer_clear(&server->out);
  return true;
}

/* Reads what came; false at the end of it. */
static bool receive(struct jac_lsp *server, struct jac_wire *wire) {
  char bytes[65536];
  const char *body;
  size_t length;
  struct pollfd more = {STDIN_FILENO, POLLIN, 0};
  ssize_t count;
  int reads = 0;
  /* All that is there, so that what is taken back is not worked on. */
  do {
    count = read(STDIN_FILENO, bytes, sizeof bytes);
    if (count > 0)
      jac_wire_feed(wire, bytes, (size_t)count);
  } while (count > 0 && ++reads < READS && poll(&more, 1, 0) > 0);
  while (jac_wire_next(wire, &body, &length))
    jac_lsp_take(server, body, length);
  jac_lsp_work(server);
  return count > 0 || (count < 0 && errno == EINTR);
}

static bool serve(struct jac_lsp *server, struct jac_wire *wire, struct worker *w) {
  struct pollfd from[] = {{STDIN_FILENO, POLLIN, 0}, {w->done[0], POLLIN, 0}};
  bool listening = true;
  while (listening && !server->over) {
    from[0].revents = from[1].revents = 0;
    int events = poll(from, 2, !w->busy && jac_lsp_waiting(server) ? PAUSE : -1);
    if (events < 0 && errno != EINTR)
      break;
    if ((from[1].revents & POLLIN) != 0)
      end_job(server, w);
    if ((from[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
      listening = receive(server, wire);
    if (events == 0)
      start_job(server, w);
    if (!send_out(server))
      break;
  }
  if (w->busy)
    end_job(server, w);
  return server->over && server->stopping;
}

/* What commands answer, for hovers and quick fixes. */
static bool run_command(void *context, const char *line, enum jac_notes_format format,
                        bool text, struct jac_buffer *out) {
  const struct jac_block_place place = {text                        ? "text"
                                        : format == JAC_NOTES_LATEX ? "latex"
                                                                    : "markdown",
                                        NULL, text};
  struct jac_error quiet = {JAC_OK, ""};
  (void)context;
  return jac_block_run(&place, line, out, &quiet) == JAC_OK;
}

/* What may follow on a command line, for completion. */
static void complete(void *context, const char *line, struct jac_buffer *out) {
  char *text = strdup(line), *rest = NULL, *word[64];
  int count = 0;
  (void)context;
  for (char *at = text != NULL ? strtok_r(text, " \t", &rest) : NULL;
       at != NULL && count < 62; at = strtok_r(NULL, " \t", &rest))
    word[count++] = at;
  size_t length = strlen(line);
  char none[] = "";
  if (length == 0 || line[length - 1] == ' ' || line[length - 1] == '\t')
    word[count++] = none;
  if (count > 1)
    jac_complete(count, word, out);
  for (size_t k = 0; count == 1 && k < jac_command_count(); k++) {
    const struct jac_command *command = jac_command_at(k);
    if (command->formats != NULL && strncmp(command->name, word[0], strlen(word[0])) == 0)
      jac_buffer_printf(out, "%s\t%s\n", command->name, _(command->summary));
  }
  free(text);
}

static int run(const struct jac_options *options, struct jac_error *err) {
  struct jac_outside outside;
  struct jac_lsp server;
  struct jac_wire wire = {.in = JAC_BUFFER_INIT};
  struct worker worker = {.busy = false};
  if (options->nspec > 0) {
    jac_fail(err, JAC_EINPUT,
             _("%.60s: the server is given no files, an editor sends them"),
             options->spec[0]);
    return JAC_EXIT_FAULT;
  }
  if (jac_outside_load(options, &outside, err) != JAC_OK) {
    jac_outside_free(&outside);
    return JAC_EXIT_FAULT;
  }
  int status = JAC_EXIT_FAULT;
  /* jansson's own start is not made for threads. */
  json_object_seed(0);
  if (pipe(worker.done) != 0)
    jac_fail(err, JAC_EIO, _("no pipe can be made: %s"), strerror(errno));
  else {
    jac_lsp_start(&server, &outside.library);
    server.run = run_command;
    server.complete = complete;
    status = serve(&server, &wire, &worker) ? JAC_EXIT_OK : JAC_EXIT_FAILED;
    jac_lsp_stop(&server);
    jac_wire_free(&wire);
    close(worker.done[0]);
    close(worker.done[1]);
  }
  jac_outside_free(&outside);
  return status;
}

const struct jac_command jac_command_lsp = {
    .name = "lsp",
    .usage = N_("[OPTIONS]"),
    .summary = N_("the language server: verdicts in your editor while you write"),
    .details = N_(
        "It speaks the Language Server Protocol on standard input and output; an\n"
        "editor starts it: docs/editors.md has the lines for Neovim, Emacs, Helix,\n"
        "Kate and VS Code. What does not hold is an error, a convention that deviates\n"
        "a warning; hovering shows the reading, quick fixes the correction."),
    .examples = "  jacobian lsp\n"
                "  jacobian lsp --module ./cube.so\n",
    .run = run,
};
