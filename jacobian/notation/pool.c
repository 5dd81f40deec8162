#include "jacobian/notation/pool.h"

#include "jacobian/error.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 15, ALIGN = 16 };

struct jac_pool_block {
  struct jac_pool_block *before;
  size_t size, at;
  _Alignas(16) unsigned char bytes[];
};

struct jac_pool_word {
  struct jac_pool_word *next;
  size_t length;
  uint32_t hash;
  char text[];
};

void jac_pool_free(struct jac_pool *pool) {
  while (pool->block) {
    struct jac_pool_block *before = pool->block->before;
    free(pool->block);
    pool->block = before;
  }
  for (size_t k = 0; k < pool->buckets; k++)
    for (struct jac_pool_word *word = pool->bucket[k], *next; word; word = next) {
      next = word->next;
      free(word);
    }
  free(pool->bucket);
  *pool = (struct jac_pool)JAC_POOL_INIT;
}

static bool fail(struct jac_pool *pool, bool limit) {
  pool->failed = true;
  pool->limit = pool->limit || limit;
  return false;
}

/* The machine has no more memory: any result is a part. */
static bool fail_memory(struct jac_pool *pool) {
  jac_memory_short();
  return fail(pool, false);
}

static bool grow(struct jac_pool *pool, size_t size) {
  size_t room = size > BLOCK ? size : BLOCK;
  struct jac_pool_block *block = malloc(sizeof *block + room);
  if (!block)
    return fail_memory(pool);
  *block = (struct jac_pool_block){pool->block, room, 0};
  pool->block = block;
  return true;
}

void *jac_pool_take(struct jac_pool *pool, size_t size) {
  size_t most = pool->most ? pool->most : JAC_POOL_MOST;
  size = (size + ALIGN - 1) / ALIGN * ALIGN;
  if (pool->failed || size > most - pool->used) {
    fail(pool, !pool->failed);
    return NULL;
  }
  if ((!pool->block || pool->block->size - pool->block->at < size) && !grow(pool, size))
    return NULL;
  void *piece = pool->block->bytes + pool->block->at;
  pool->block->at += size;
  pool->used += size;
  return memset(piece, 0, size);
}

static bool rehash(struct jac_pool *pool) {
  size_t buckets = pool->buckets ? 2 * pool->buckets : 64;
  struct jac_pool_word **bucket = calloc(buckets, sizeof(struct jac_pool_word *));
  if (!bucket)
    return fail_memory(pool);
  for (size_t k = 0; k < pool->buckets; k++)
    for (struct jac_pool_word *word = pool->bucket[k], *next; word; word = next) {
      next = word->next;
      word->next = bucket[word->hash % buckets];
      bucket[word->hash % buckets] = word;
    }
  free(pool->bucket);
  pool->bucket = bucket;
  pool->buckets = buckets;
  return true;
}

const char *jac_pool_word(struct jac_pool *pool, const char *text, size_t length) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (size_t k = 0; k < length; k++)
    hash = (hash ^ (unsigned char)text[k]) * 16777619u;
  if (pool->buckets)
    for (struct jac_pool_word *word = pool->bucket[hash % pool->buckets]; word;
         word = word->next)
      if (word->hash == hash && word->length == length &&
          memcmp(word->text, text, length) == 0)
        return word->text;
  if (pool->failed || (pool->words >= pool->buckets && !rehash(pool)))
    return "";
  struct jac_pool_word *word = malloc(sizeof *word + length + 1);
  if (!word) {
    fail_memory(pool);
    return "";
  }
  word->hash = hash;
  word->length = length;
  memcpy(word->text, text, length);
  word->text[length] = '\0';
  word->next = pool->bucket[hash % pool->buckets];
  pool->bucket[hash % pool->buckets] = word;
  pool->words++;
  return word->text;
}

const char *jac_pool_text(struct jac_pool *pool, const char *text) {
  return jac_pool_word(pool, text, strlen(text));
}

const char *jac_pool_printf(struct jac_pool *pool, const char *format, ...) {
  char text[512];
  va_list list;
  va_start(list, format);
  int length = vsnprintf(text, sizeof text, format, list);
  va_end(list);
  if (length < 0)
    return "";
  size_t most = sizeof text - 1;
  return jac_pool_word(pool, text, (size_t)length < most ? (size_t)length : most);
}

struct jac_pool_mark jac_pool_mark(const struct jac_pool *pool) {
  return (struct jac_pool_mark){pool->block, pool->block ? pool->block->at : 0,
                                pool->used};
}

void jac_pool_release(struct jac_pool *pool, struct jac_pool_mark mark) {
  while (pool->block && pool->block != mark.block) {
    struct jac_pool_block *before = pool->block->before;
    free(pool->block);
    pool->block = before;
  }
  if (pool->block)
    pool->block->at = mark.at;
  pool->used = mark.used;
}

enum jac_status jac_pool_status(const struct jac_pool *pool, struct jac_error *err) {
  if (!pool->failed)
    return JAC_OK;
  return pool->limit ? jac_fail(err, JAC_ELIMIT, "it is too large to be worked out")
                     : jac_fail_memory(err);
}
