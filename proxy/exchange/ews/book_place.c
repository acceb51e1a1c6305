/*
 * book_place.c - where the offline address book is
 *
 * Autodiscover tells its address as it is seen from inside and from outside.
 * Only the server in the settings is asked: what counts is the path, and that
 * of its own address if it is told.
 */
#include "proxy/exchange/ews/book.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/autodiscover.h"
#include "proxy/exchange/http/client.h"

struct book_place {
    pthread_mutex_t mutex;
    char *path; /* NULL: nobody has asked */
};

struct book_place *book_place_new(void)
{
    struct book_place *place = memory_new(sizeof *place);

    pthread_mutex_init(&place->mutex, NULL);
    return place;
}

void book_place_free(struct book_place **place)
{
    struct book_place *gone = *place;

    if (gone == NULL)
        return;
    pthread_mutex_destroy(&gone->mutex);
    free(gone->path);
    free(gone);
    *place = NULL;
}

static const char *known_path(struct op *op, struct ews *ews)
{
    pthread_mutex_lock(&ews->book->mutex);
    const char *path = arena_strdup(op->arena, ews->book->path);
    pthread_mutex_unlock(&ews->book->mutex);
    return path;
}

static void keep_path(struct ews *ews, const char *path)
{
    pthread_mutex_lock(&ews->book->mutex);
    free(ews->book->path);
    ews->book->path = path != NULL ? memory_strdup(path) : NULL;
    pthread_mutex_unlock(&ews->book->mutex);
}

/* "/OAB/1234/" of "https://mail.example.com/OAB/1234/oab.xml"; NULL where that
 * is nothing to be put into a request. */
static const char *path_of(struct arena *arena, const char *url)
{
    const char *start = strstr(url, "://") + 3;

    start += strcspn(start, "/");
    size_t len = strlen(start);
    for (size_t i = 0; i < len; i++)
        if (start[i] <= ' ' || start[i] > '~' || start[i] == '?' ||
            start[i] == '#')
            return NULL;
    if (len == 0)
        return NULL;
    if (str_ends_nocase(start, "/oab.xml"))
        len -= strlen("oab.xml");
    return arena_printf(arena, "%.*s%s", (int)len, start,
                        start[len - 1] == '/' ? "" : "/");
}

/* The one on our own host, or else the last: that is seen from outside. */
static const char *choose(struct op *op, struct ews *ews,
                          const struct autodiscover *answer)
{
    const char *chosen = NULL;

    for (size_t i = 0; i < AUTODISCOVER_BOOKS && answer->books[i]; i++) {
        const char *path = path_of(op->arena, answer->books[i]);
        if (path == NULL)
            continue;
        chosen = path;
        if (http_client_is_host(ews->http, answer->books[i]))
            return path;
    }
    return chosen;
}

enum status book_locate(struct op *op, struct ews *ews, const char *address,
                        const char **path_out)
{
    struct autodiscover answer;

    *path_out = known_path(op, ews);
    if (*path_out != NULL)
        return STATUS_OK;
    enum status status = autodiscover_ask(op, ews, address, &answer);
    if (status != STATUS_OK)
        return status;
    *path_out = choose(op, ews, &answer);
    if (*path_out == NULL)
        return op_fail(op, STATUS_UNSUPPORTED,
                       "autodiscover: no offline address book");
    keep_path(ews, *path_out);
    return STATUS_OK;
}

void book_forget(struct ews *ews)
{
    keep_path(ews, NULL);
}
