/*
 * lookout.c - what waits behind the request that runs
 */
#include "ldap/lookout.h"

#include <string.h>

#include "ldap/frame.h"
#include "ldap/peek.h"
#include "ldap/request.h"

/* What one message takes back. */
struct taken_back {
    int32_t id;
    enum ldap_stop how;
};

void ldap_lookout_init(struct ldap_lookout *lookout, size_t limit)
{
    *lookout = (struct ldap_lookout){ .limit = limit };
    buf_init(&lookout->stops, NULL);
    buf_init(&lookout->cancelled, NULL);
}

void ldap_lookout_fini(struct ldap_lookout *lookout)
{
    buf_fini(&lookout->stops);
    buf_fini(&lookout->cancelled);
}

/* --- What waits ----------------------------------------------------------- */

static enum ldap_stop stop_of(const struct ldap_peek *message)
{
    if (message->operation == LDAP_ABANDON)
        return LDAP_ABANDONED;
    return message->cancels ? LDAP_CANCELLED : LDAP_GOES_ON;
}

bool ldap_lookout_take(struct ldap_lookout *lookout, size_t len,
                       const struct ldap_peek *message)
{
    if (lookout->seen < len)
        return false;
    lookout->seen -= len;
    if (stop_of(message) != LDAP_GOES_ON)
        buf_consume(&lookout->stops, sizeof(struct taken_back));
    return true;
}

void ldap_lookout_reset(struct ldap_lookout *lookout)
{
    lookout->seen = 0;
    lookout->leaves = false;
    buf_clear(&lookout->stops);
}

static void note(struct ldap_lookout *lookout, const struct ldap_peek *message)
{
    struct taken_back stop = { message->target, stop_of(message) };

    if (stop.how != LDAP_GOES_ON)
        buf_append(&lookout->stops, &stop, sizeof stop);
    lookout->leaves = message->operation == LDAP_UNBIND;
}

static void look(struct ldap_lookout *lookout, const char *data, size_t len)
{
    while (lookout->seen < len && !lookout->leaves) {
        const char *message = data + lookout->seen;
        size_t left = len - lookout->seen, whole;
        struct ldap_peek peek;

        if (ldap_frame_measure(message, left, lookout->limit, &whole) !=
                LDAP_FOUND_MESSAGE ||
            whole > left || !ldap_peek(message, whole, &peek))
            break;
        note(lookout, &peek);
        lookout->seen += whole;
    }
}

enum ldap_stop ldap_lookout_see(struct ldap_lookout *lookout,
                                const struct ldap_watched *request,
                                const char *data, size_t len)
{
    const struct buf *stops = &lookout->stops;
    struct taken_back stop;

    look(lookout, data, len);
    for (size_t at = 0; request->can_stop && at < stops->len;
         at += sizeof stop) {
        memcpy(&stop, stops->data + at, sizeof stop);
        if (stop.id == request->id)
            return stop.how;
    }
    return lookout->leaves ? LDAP_ABANDONED : LDAP_GOES_ON;
}

/* --- Who was cancelled ---------------------------------------------------- */

/* Where an id is among those; their end if it is not. */
static size_t place_of(const struct buf *ids, int32_t id)
{
    size_t at = 0;

    while (at < ids->len && memcmp(ids->data + at, &id, sizeof id) != 0)
        at += sizeof id;
    return at;
}

/* Requests of one id, which no client should send, share a Cancel. */
void ldap_lookout_note_cancelled(struct ldap_lookout *lookout, int32_t id)
{
    struct buf *ids = &lookout->cancelled;

    if (place_of(ids, id) == ids->len)
        buf_append(ids, &id, sizeof id);
}

bool ldap_lookout_take_cancelled(struct ldap_lookout *lookout, int32_t id)
{
    struct buf *ids = &lookout->cancelled;
    size_t at = place_of(ids, id);

    if (at == ids->len)
        return false;
    memmove(ids->data + at, ids->data + at + sizeof id,
            ids->len - at - sizeof id);
    ids->len -= sizeof id;
    return true;
}
