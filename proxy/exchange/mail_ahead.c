/*
 * mail_ahead.c - reading what will be asked for next
 *
 * Programs that keep messages for reading offline ask for one after the other,
 * and each is a call to Exchange.  Once that is plain, a call that has to be
 * made anyway reads the next ones along: headers by number, whole messages
 * within store.read_ahead.  They come after those that were asked for.
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/cache.h"
#include "proxy/exchange/mail_fetch.h"

/* What lies between two messages read one after the other has been deleted. */
#define STEP_MAX 16

/* How often in a row a program has gone on with the next one. */
#define PLAIN 2

/* How many neighbours are looked at. */
#define NEIGHBOURS 100

static int direction_of(uint32_t last, uint32_t uid)
{
    if (uid > last && uid - last <= STEP_MAX)
        return 1;
    return uid < last && last - uid <= STEP_MAX ? -1 : 0;
}

int ahead_direction(struct account *account, int64_t folder,
                    const uint32_t uids[], size_t count)
{
    struct place *place = place_of(account, folder);

    if (count == 0)
        return 0;
    pthread_mutex_lock(&place->lock);
    int direction =
        place->read_last == 0 ? 0 : direction_of(place->read_last, uids[0]);
    if (direction != 0 && direction == place->read_direction)
        place->read_in_row++;
    else if (uids[0] != place->read_last) /* parts of one are one */
        place->read_in_row = 1;
    else
        direction = place->read_direction;
    place->read_direction = direction;
    place->read_last = uids[count - 1];
    bool plain = place->read_in_row >= PLAIN;
    pthread_mutex_unlock(&place->lock);
    return plain ? direction : 0;
}

/* Whether it can be read along with what this batch reads. */
static enum fetch_want want_of(const struct fetch *fetch,
                               const struct index_item *item)
{
    if (fetch->need != MAIL_NEED_HEADER)
        return FETCH_CONTENT;
    return fetch_has_no_header(fetch, item) ? FETCH_NOTHING : FETCH_HEADER;
}

static uint64_t size_of(const struct batch *batch)
{
    uint64_t size = 0;

    for (size_t i = 0; i < batch->count; i++)
        if (batch->slots[i].want == FETCH_CONTENT)
            size += batch->slots[i].item.estimate;
    return size;
}

void ahead_plan(struct op *op, const struct fetch *fetch, struct batch *batch)
{
    struct account *account = fetch->account;
    struct op own = *op;
    struct index_item items[NEIGHBOURS];
    size_t count = NEIGHBOURS;
    uint64_t left = account_settings(account)->store.read_ahead;
    uint64_t room = BATCH_SIZE - size_of(batch);

    if (fetch->ahead == 0 || !batch->calls_exchange || left == 0 ||
        size_of(batch) >= BATCH_SIZE ||
        (fetch->need == MAIL_NEED_CONTENT && !cache_keeps(account->cache)))
        return;
    own.arena = batch->arena;
    if (index_neighbours(&own, account->index, fetch->folder.id,
                         batch->slots[batch->wanted - 1].uid, fetch->ahead < 0,
                         fetch->need == MAIL_NEED_HEADER, items,
                         &count) != STATUS_OK)
        return;
    left = left < room ? left : room;
    for (size_t i = 0; i < count && batch->count < BATCH_COUNT; i++) {
        enum fetch_want want = want_of(fetch, &items[i]);

        if (want == FETCH_NOTHING)
            continue;
        if (want == FETCH_CONTENT && items[i].estimate > left)
            return;
        left -= want == FETCH_CONTENT ? items[i].estimate : 0;
        batch->slots[batch->count++] = (struct slot){ .uid = items[i].uid,
                                                      .item = items[i],
                                                      .want = want };
    }
}
