/*
 * shelf.c - views that stay in memory while nobody looks at them
 *
 * A place is on the shelf while it has a view: a list of them, the one used
 * longest ago first.  Its lock is taken before the shelf's, so that trimming
 * may only try for it; who has it is using the view.
 */
#include "proxy/exchange/shelf.h"

#include <pthread.h>
#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/exchange/mail_private.h"

struct shelf {
    pthread_mutex_t lock;
    struct place *oldest, *newest;
    size_t count;
    uint64_t octets;
};

struct shelf *shelf_new(void)
{
    struct shelf *shelf = memory_new(sizeof *shelf);

    pthread_mutex_init(&shelf->lock, NULL);
    return shelf;
}

void shelf_free(struct shelf **shelf)
{
    if (*shelf == NULL)
        return;
    pthread_mutex_destroy(&(*shelf)->lock);
    free(*shelf);
    *shelf = NULL;
}

/* --- Under the shelf's lock ---------------------------------------------- */

static void take_off(struct shelf *shelf, struct place *place)
{
    struct place **before =
        place->older != NULL ? &place->older->newer : &shelf->oldest;
    struct place **after =
        place->newer != NULL ? &place->newer->older : &shelf->newest;

    if (place->octets == 0)
        return;
    *before = place->newer;
    *after = place->older;
    shelf->octets -= place->octets;
    shelf->count--;
    place->older = place->newer = NULL;
    place->octets = 0;
}

static void put_newest(struct shelf *shelf, struct place *place,
                       uint64_t octets)
{
    place->octets = octets;
    place->older = shelf->newest;
    if (shelf->newest != NULL)
        shelf->newest->newer = place;
    else
        shelf->oldest = place;
    shelf->newest = place;
    shelf->octets += octets;
    shelf->count++;
}

/* What is in use is as good as new. */
static void try_to_free(struct shelf *shelf, struct place *place)
{
    uint64_t octets = place->octets;
    bool idle = false;

    if (pthread_mutex_trylock(&place->lock) == 0) {
        idle = place->view == NULL || mail_view_is_idle(place->view);
        if (idle)
            mail_view_unref(&place->view);
        pthread_mutex_unlock(&place->lock);
    }
    take_off(shelf, place);
    if (!idle)
        put_newest(shelf, place, octets);
}

/* --- For others ---------------------------------------------------------- */

void shelf_use(struct shelf *shelf, struct place *place)
{
    pthread_mutex_lock(&shelf->lock);
    take_off(shelf, place);
    if (place->view != NULL)
        put_newest(shelf, place, mail_view_octets(place->view));
    pthread_mutex_unlock(&shelf->lock);
}

void shelf_trim(struct shelf *shelf, uint64_t limit)
{
    pthread_mutex_lock(&shelf->lock);
    for (size_t left = shelf->count; left > 0 && shelf->octets > limit; left--)
        try_to_free(shelf, shelf->oldest);
    pthread_mutex_unlock(&shelf->lock);
}

void shelf_leave(struct shelf *shelf, struct place *place)
{
    pthread_mutex_lock(&shelf->lock);
    take_off(shelf, place);
    pthread_mutex_unlock(&shelf->lock);
}
