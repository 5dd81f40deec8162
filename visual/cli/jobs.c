#include "visual/cli/jobs.h"

#include "jacobian/error.h"
#include "jacobian/text.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct jobs {
  size_t count, next, done;
  bool shortage; /* memory ran out in some thread */
  void (*work)(void *context, size_t k);
  void *context;
  pthread_mutex_t lock;
  pthread_cond_t finished; /* one more is done */
};

static void *labour(void *argument) {
  struct jobs *j = argument;
  pthread_mutex_lock(&j->lock);
  while (j->next < j->count) {
    size_t k = j->next++;
    pthread_mutex_unlock(&j->lock);
    j->work(j->context, k);
    pthread_mutex_lock(&j->lock);
    j->done++;
    pthread_cond_signal(&j->finished);
  }
  j->shortage = j->shortage || jac_memory_shortages() > 0;
  pthread_mutex_unlock(&j->lock);
  return NULL;
}

/* Waits for all; after the first second tells a terminal how many are done. */
static void watch(struct jobs *j) {
  bool told = false;
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  pthread_mutex_lock(&j->lock);
  while (j->done < j->count) {
    until.tv_sec++;
    while (j->done < j->count &&
           pthread_cond_timedwait(&j->finished, &j->lock, &until) == 0)
      continue;
    if (j->done < j->count && isatty(STDERR_FILENO)) {
      fputs("\r", stderr);
      fprintf(stderr, _("%zu of %zu files"), j->done, j->count);
      fflush(stderr);
      told = true;
    }
  }
  pthread_mutex_unlock(&j->lock);
  if (told)
    fprintf(stderr, "\r%*s\r", 40, "");
}

void jac_jobs_run(size_t count, size_t jobs, void (*work)(void *context, size_t k),
                  void *context) {
  struct jobs j = {.count = count, .work = work, .context = context};
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (jobs == 0)
    jobs = processors > 0 ? (size_t)processors : 1;
  jobs = jobs < count ? jobs : count;
  pthread_t *thread = calloc(jobs + 1, sizeof *thread);
  size_t started = 0;
  pthread_mutex_init(&j.lock, NULL);
  pthread_cond_init(&j.finished, NULL);
  while (thread != NULL && started < jobs &&
         pthread_create(&thread[started], NULL, labour, &j) == 0)
    started++;
  if (started == 0)
    labour(&j);
  watch(&j);
  for (size_t k = 0; k < started; k++)
    pthread_join(thread[k], NULL);
  if (j.shortage)
    jac_memory_short();
  pthread_cond_destroy(&j.finished);
  pthread_mutex_destroy(&j.lock);
  free(thread);
}
