/*
 * cache_files.h - renderings of messages as files in a directory
 *
 * They are named after the index's row and rendering.  A file is written under
 * another name and then renamed, so that it is whole whenever it is there.
 */
#ifndef POSTERN_EXCHANGE_CACHE_FILES_H
#define POSTERN_EXCHANGE_CACHE_FILES_H

#include <stdbool.h>
#include <stdint.h>

struct spool;

/* Opens <parent>/messages (mode 0700); -1 and a log line when that cannot be
 * had. */
int cache_files_open(const char *parent);

/* Hands over what is there, the least recently used first, and takes away what
 * is no rendering of ours, or may have suffered. */
void cache_files_load(int directory,
                      void (*each)(void *context, int64_t row,
                                   uint32_t rendering, uint64_t size),
                      void *context);

/* Closes the directory such that the next one trusts what is there. */
void cache_files_close(int directory);

/* Takes away <parent>/messages with what lies there. */
void cache_files_clear(const char *parent);

/* A rendering as a spool of the caller's, which counts as a use; NULL if there
 * is none of that size. */
struct spool *cache_files_read(int directory, int64_t row, uint32_t rendering,
                               uint64_t size);

/* `number` is another one in each call. */
bool cache_files_write(int directory, int64_t row, uint32_t rendering,
                       uint64_t number, const struct spool *content);

void cache_files_remove(int directory, int64_t row, uint32_t rendering);

#endif
