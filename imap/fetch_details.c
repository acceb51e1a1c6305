/*
 * fetch_details.c - what messages are by, and how they begin
 */
#include "imap/fetch_details.h"

#include "imap/folder.h"
#include "imap/reply.h"
#include "proxy/base/arena.h"
#include "proxy/base/numbers.h"
#include "proxy/base/time.h"
#include "proxy/exchange/mail.h"

/* Whether it is asked for, and whether only if it is at hand. */
static bool wants_preview(const struct fetch_items *items, bool *lazy_out)
{
    for (size_t i = 0; i < items->count; i++)
        if (items->list[i].kind == FETCH_PREVIEW) {
            *lazy_out = items->list[i].lazy;
            return true;
        }
    return false;
}

static void load_previews(struct op *op, struct account *account,
                          int64_t folder, bool lazy,
                          struct fetch_details *details)
{
    bool known_only = lazy || details->trouble != STATUS_OK;
    enum status status =
        mail_preview(op, account, folder, details->uids, details->count,
                     known_only, details->previews);

    if (!known_only)
        details->trouble = status;
    for (size_t i = 0; i < details->count && !lazy; i++) {
        struct mail_preview *preview = &details->previews[i];

        if (preview->status == STATUS_OK && preview->text == NULL)
            preview->status = details->trouble;
    }
}

static bool wants_identity(const struct fetch_items *items)
{
    return fetch_items_have(items, FETCH_EMAILID) ||
           fetch_items_have(items, FETCH_THREADID) ||
           fetch_items_have(items, FETCH_SAVEDATE);
}

bool fetch_details_wanted(const struct fetch_items *items)
{
    return wants_identity(items) || fetch_items_have(items, FETCH_PREVIEW);
}

void fetch_details_load(struct op *op, struct account *account, int64_t folder,
                        const struct fetch_items *items,
                        const struct imap_messages *messages,
                        struct fetch_details *details)
{
    size_t count = messages->count;
    bool lazy;

    details->uids = messages->uids;
    details->count = count;
    if (wants_identity(items)) {
        details->identities =
            arena_array(op->arena, count + 1, sizeof *details->identities);
        mail_identify(op, account, folder, messages->uids, count,
                      details->identities);
    }
    if (wants_preview(items, &lazy)) {
        details->previews =
            arena_array(op->arena, count + 1, sizeof *details->previews);
        load_previews(op, account, folder, lazy, details);
    }
}

static size_t place_of(const struct fetch_details *details, uint32_t uid)
{
    return numbers_place(details->uids, details->count, uid);
}

enum status fetch_details_status(const struct fetch_details *details,
                                 uint32_t uid)
{
    enum status status = STATUS_OK;

    if (details->identities != NULL)
        status = details->identities[place_of(details, uid)].status;
    if (status == STATUS_OK && details->previews != NULL)
        status = details->previews[place_of(details, uid)].status;
    return status;
}

/* "(M1)", or NIL for what nobody knows. */
static void write_id(struct imap_out *out, const char *id)
{
    if (id != NULL)
        imap_out_printf(out, "(%s)", id);
    else
        imap_out_puts(out, "NIL");
}

void fetch_details_write(struct imap_out *out,
                         const struct fetch_details *details,
                         enum fetch_kind kind, uint32_t uid)
{
    size_t place = place_of(details, uid);

    switch (kind) {
    case FETCH_EMAILID:
        write_id(out, details->identities[place].email_id);
        break;
    case FETCH_THREADID:
        write_id(out, details->identities[place].thread_id);
        break;
    case FETCH_SAVEDATE:
        if (details->identities[place].saved == TIME_NONE)
            imap_out_puts(out, "NIL");
        else
            imap_out_date(out, details->identities[place].saved);
        break;
    default:
        imap_out_nstring(out, details->previews[place].text);
    }
}
