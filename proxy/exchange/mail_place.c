/*
 * mail_place.c - what is in memory of each folder
 */
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/exchange/shelf.h"
#include "proxy/exchange/watcher.h"

#define BUCKETS 64

struct places {
    struct shelf *shelf;
    pthread_mutex_t lock;
    struct place *buckets[BUCKETS];
};

struct places *places_new(struct shelf *shelf)
{
    struct places *places = memory_new(sizeof *places);

    places->shelf = shelf;
    pthread_mutex_init(&places->lock, NULL);
    return places;
}

static void forget_written(struct place *place)
{
    for (size_t i = 0; i < place->written_count; i++)
        free(place->written[i]);
    free(place->written);
    place->written = NULL;
    place->written_count = 0;
}

static void place_free(struct place *place)
{
    mail_view_unref(&place->view);
    forget_written(place);
    flight_fini(&place->sync);
    flight_fini(&place->turn);
    pthread_mutex_destroy(&place->lock);
    free(place);
}

void places_free(struct places **places)
{
    if (*places == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        while ((*places)->buckets[i] != NULL) {
            struct place *place = (*places)->buckets[i];

            (*places)->buckets[i] = place->next;
            shelf_leave((*places)->shelf, place);
            place_free(place);
        }
    pthread_mutex_destroy(&(*places)->lock);
    free(*places);
    *places = NULL;
}

struct place *place_of(struct account *account, int64_t folder)
{
    struct places *places = account->places;

    pthread_mutex_lock(&places->lock);
    struct place **bucket = &places->buckets[(uint64_t)folder % BUCKETS];
    struct place *place = *bucket;
    while (place != NULL && place->folder != folder)
        place = place->next;
    if (place == NULL) {
        place = memory_new(sizeof *place);
        place->folder = folder;
        flight_init(&place->sync);
        flight_init(&place->turn);
        pthread_mutex_init(&place->lock, NULL);
        place->next = *bucket;
        *bucket = place;
    }
    pthread_mutex_unlock(&places->lock);
    return place;
}

struct asked asked_now(struct account *account)
{
    return (struct asked){ time_monotonic_ms(), account_moment(account) };
}

void place_hear(struct place *place, const struct remote_stamp *stamp,
                struct asked asked)
{
    pthread_mutex_lock(&place->lock);
    place->stamp = *stamp;
    place->stamped_ms = asked.ms;
    place->stamped = asked.moment;
    pthread_mutex_unlock(&place->lock);
}

bool place_heard(struct place *place, uint64_t since_ms,
                 struct remote_stamp *stamp_out, struct asked *asked_out)
{
    pthread_mutex_lock(&place->lock);
    bool heard = place->stamped_ms != 0 && place->stamped_ms >= since_ms;
    *stamp_out = place->stamp;
    *asked_out = (struct asked){ place->stamped_ms, place->stamped };
    pthread_mutex_unlock(&place->lock);
    return heard;
}

void place_looked(struct place *place, struct asked asked)
{
    pthread_mutex_lock(&place->lock);
    if (place->looked < asked.moment)
        place->looked = asked.moment;
    pthread_mutex_unlock(&place->lock);
    atomic_store(&place->looked_ms, asked.ms);
}

uint64_t place_touch(struct place *place, uint64_t moment)
{
    uint64_t now = time_monotonic_ms();

    pthread_mutex_lock(&place->lock);
    uint64_t before =
        place->touched_ms != 0 ? now - place->touched_ms : UINT64_MAX;
    if (place->touched < moment)
        place->touched = moment;
    place->touched_ms = now;
    pthread_mutex_unlock(&place->lock);
    return before;
}

void place_standing(struct place *place, uint64_t *looked_out,
                    uint64_t *touched_out)
{
    pthread_mutex_lock(&place->lock);
    *looked_out = place->looked;
    *touched_out = place->touched;
    pthread_mutex_unlock(&place->lock);
}

/* What one synchronisation asks comes within seconds: a part of `linger_ms` that
 * says nothing of the next one. */
#define ONE_RUN 10

bool place_is_looked_at(struct place *place, uint64_t linger_ms)
{
    uint64_t now = time_monotonic_ms();

    pthread_mutex_lock(&place->lock);
    bool again =
        place->looks_last_ms != 0 && now - place->looks_last_ms < linger_ms;
    if (!again)
        place->looks_since_ms = now;
    place->looks_last_ms = now;
    bool likely = again && now - place->looks_since_ms >= linger_ms / ONE_RUN;
    pthread_mutex_unlock(&place->lock);
    return likely;
}

bool is_told_of(const struct index_folder *folder)
{
    return folder->syncable && folder->store == 0;
}

bool place_is_current(struct op *op, struct account *account, int64_t folder)
{
    struct index_folder known;
    uint64_t looked, touched;

    place_standing(place_of(account, folder), &looked, &touched);
    return looked > touched && watcher_vouches(account, folder, looked) &&
           index_folder(op, account->index, folder, &known) == STATUS_OK &&
           known.complete && !known.sweeping && is_told_of(&known);
}

void place_begin_sync(struct place *place)
{
    pthread_mutex_lock(&place->lock);
    forget_written(place);
    place->syncing = true;
    pthread_mutex_unlock(&place->lock);
}

void place_end_sync(struct place *place)
{
    pthread_mutex_lock(&place->lock);
    forget_written(place);
    place->syncing = false;
    pthread_mutex_unlock(&place->lock);
}

void place_note(struct place *place, const char *remote)
{
    if (!place->syncing)
        return;
    place->written = memory_resize(place->written, (place->written_count + 1) *
                                                       sizeof *place->written);
    place->written[place->written_count++] = memory_strdup(remote);
}

bool place_is_written(const struct place *place, const char *remote)
{
    for (size_t i = 0; i < place->written_count; i++)
        if (strcmp(place->written[i], remote) == 0)
            return true;
    return false;
}
