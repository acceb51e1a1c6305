/*
 * spool.h - a message on its way: in memory while small, in a file when large
 *
 * A spool is written once from front to end and then read at any offset, by any
 * number of threads.  Files are unlinked as soon as they are open (mode 0600),
 * so that a crash leaves nothing behind.
 */
#ifndef POSTERN_BASE_SPOOL_H
#define POSTERN_BASE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPOOL_MEMORY (256 * 1024)

struct arena;
struct spool;

/* `directory` is where a file goes once more than SPOOL_MEMORY bytes have come;
 * NULL takes $TMPDIR or /tmp.  More than `limit` bytes are refused (0: no
 * limit). */
struct spool *spool_new(const char *directory, uint64_t limit);

/* A spool over an open file, which it takes over; for what is stored
 * already. */
struct spool *spool_from_file(int descriptor, uint64_t size);

/* A part of a spool that is written and lives longer; what lies beyond the end
 * is not in it. */
struct spool *spool_slice(const struct spool *whole, uint64_t offset,
                          uint64_t size);

void spool_free(struct spool **spool);

/* False when the limit is passed or the disk refuses; then `spool_failed`
 * tells. */
bool spool_write(struct spool *spool, const void *data, size_t len);

enum spool_failure { SPOOL_GOOD, SPOOL_OVER_LIMIT, SPOOL_DISK_FAILED };
enum spool_failure spool_failed(const struct spool *spool);

uint64_t spool_size(const struct spool *spool);

/* Reads up to `len` bytes at `offset`; 0 at the end, -1 when the disk fails. */
long spool_read(const struct spool *spool, uint64_t offset, void *out,
                size_t len);

/* Copies a stretch into the arena, with a NUL behind it; NULL when not all of
 * it is there, or the disk fails. */
char *spool_copy(struct arena *arena, const struct spool *spool,
                 uint64_t offset, size_t len);

#endif
