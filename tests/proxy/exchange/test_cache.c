/*
 * test_cache.c - tests of the cache alone
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proxy/base/log.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/cache.h"

#define LIMIT (4 * 1024 * 1024)

static void make_directory(char directory[64])
{
    strcpy(directory, "/tmp/postern-cache-XXXXXX");
    cr_assert_not_null(mkdtemp(directory));
    log_set_level(LOG_LEVEL_ERROR);
}

static void drop_directory(const char *directory)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    cr_expect_eq(system(command), 0);
}

/* Octets that tell which message they are of, as many as its number says; those
 * of one hundred are of one size. */
static size_t size_of(int64_t row)
{
    return row <= 100 ? 10000 : (size_t)(row * 7919 % 60000 + 1);
}

static void put(struct cache *cache, int64_t row)
{
    struct spool *spool = spool_new(NULL, 0);
    size_t size = size_of(row);
    char *data = malloc(size);

    memset(data, (char)('a' + row % 26), size);
    spool_write(spool, data, size);
    cache_put(cache, row, 1, spool);
    free(data);
    spool_free(&spool);
}

enum found { NOT_THERE, WHOLE, TORN };

static enum found look(struct cache *cache, int64_t row)
{
    struct spool *spool = cache_get(cache, row, 1);
    static char data[64 * 1024];
    enum found found = WHOLE;

    if (spool == NULL)
        return NOT_THERE;
    if (spool_size(spool) != size_of(row) ||
        spool_read(spool, 0, data, sizeof data) != (long)size_of(row))
        found = TORN;
    for (size_t i = 0; i < size_of(row) && found == WHOLE; i++)
        if (data[i] != (char)('a' + row % 26))
            found = TORN;
    spool_free(&spool);
    return found;
}

Test(cache, gives_no_torn_message_after_being_killed, .timeout = 600)
{
    char directory[64];
    size_t whole = 0;

    make_directory(directory);
    for (int round = 0; round < 20 || (whole == 0 && round < 200); round++) {
        pid_t child = fork();

        if (child == 0) {
            struct cache *cache = cache_new(directory, CACHE_DISK, LIMIT);
            for (int64_t row = 101 + round * 1000;; row++)
                put(cache, row);
        }
        usleep((useconds_t)(10000 + round * 3000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        struct cache *cache = cache_new(directory, CACHE_DISK, LIMIT);
        for (int64_t row = 101; row < 101 + (round + 1) * 1000; row++) {
            enum found found = look(cache, row);
            cr_assert_neq(found, TORN, "%lld", (long long)row);
            whole += found == WHOLE;
        }
        cache_free(&cache);
    }
    cr_expect_gt(whole, 0);
    drop_directory(directory);
}

/* clang-format off */
static const struct {
    const char *what;
    enum cache_how how;
    bool restart;
} places[] = {
    { "on the disk",                 CACHE_DISK,   false },
    { "on the disk, over a restart", CACHE_DISK,   true },
    { "in memory",                   CACHE_MEMORY, false },
};
/* clang-format on */

/* Which of the first eight are there: "1 3". */
static void list(struct cache *cache, char text[32])
{
    size_t len = 0;

    text[0] = '\0';
    for (int64_t row = 1; row <= 8; row++)
        if (look(cache, row) == WHOLE)
            len += (size_t)sprintf(text + len, "%s%d", len > 0 ? " " : "",
                                   (int)row);
}

Test(cache, lets_go_what_was_used_least_recently)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char directory[64], text[32];

        make_directory(directory);
        struct cache *cache = cache_new(directory, places[i].how, 60000);
        for (int64_t row = 1; row <= 6; row++) {
            put(cache, row);
            usleep(10000); /* files tell their age by the clock's tick */
        }
        cr_expect_eq(look(cache, 1), WHOLE, "%s", places[i].what);
        if (places[i].restart) {
            cache_free(&cache);
            cache = cache_new(directory, places[i].how, 60000);
        }
        put(cache, 7);
        put(cache, 8);
        list(cache, text);
        cr_expect_str_eq(text, "1 4 5 6 7 8", "%s", places[i].what);
        cache_free(&cache);
        drop_directory(directory);
    }
}

Test(cache, keeps_nothing_that_takes_half_of_it)
{
    char directory[64], text[32];

    make_directory(directory);
    struct cache *cache = cache_new(directory, CACHE_DISK, 19999);
    put(cache, 1);
    list(cache, text);
    cr_expect_str_eq(text, "");
    cache_free(&cache);
    drop_directory(directory);
}
