/*
 * account_quota.c - what Exchange says of a mailbox as a whole: how full it is,
 * and the colours of its categories
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/index/index.h"

/* clang-format off */
/* Outlook's colours, in the order in which it counts them. */
static const char *const colors[] = {
    "#e7a1a2", "#f9ba89", "#f7dd8f", "#fcfa90", "#78d168",
    "#9fdcc9", "#c6d2b0", "#9db7e8", "#b5a1e2", "#daaec2",
    "#dad9dc", "#6b7994", "#bfbfbf", "#6f6f6f", "#4f4f4f",
    "#c11a25", "#e2620d", "#c79930", "#b9b300", "#368f2b",
    "#329b7a", "#778b45", "#2858a5", "#5c3fa3", "#93446b",
};
/* clang-format on */

#define COLORS ((int)(sizeof colors / sizeof *colors))

/* Clients ask for it after every message that they store. */
static bool is_fresh(struct account *account, struct remote_quota *quota_out)
{
    uint64_t interval =
        1000u * (uint64_t)account_settings(account)->exchange.status_interval;

    pthread_mutex_lock(&account->lock);
    bool fresh = account->quota_ms != 0 &&
                 time_monotonic_ms() - account->quota_ms < interval;
    *quota_out = account->quota;
    pthread_mutex_unlock(&account->lock);
    return fresh;
}

static enum status ask(struct op *op, struct account *account,
                       struct remote_quota *quota_out)
{
    struct remote *remote;
    uint64_t asked_ms = time_monotonic_ms();
    enum status status = account_remote(op, account, &remote);

    if (status == STATUS_OK)
        status = account_told(account,
                              remote->backend->quota(op, remote, quota_out));
    if (status != STATUS_OK)
        return status;
    pthread_mutex_lock(&account->lock);
    account->quota = *quota_out;
    account->quota_ms = asked_ms;
    pthread_mutex_unlock(&account->lock);
    return STATUS_OK;
}

enum status account_quota(struct op *op, struct account *account,
                          struct account_quota *quota_out)
{
    struct remote_quota quota;
    enum status status = STATUS_OK;

    if (!is_fresh(account, &quota))
        status = ask(op, account, &quota);
    if (status == STATUS_DENIED || status == STATUS_NO_FOLDER ||
        (status == STATUS_OK && quota.limit == 0))
        return STATUS_NOT_FOUND;
    *quota_out = (struct account_quota){ quota.used, quota.limit };
    return status;
}

const char *account_known_colors(struct op *op, struct account *account)
{
    return index_fact(op, account->index, "colors");
}

static void keep_colors(struct op *op, struct account *account,
                        const struct account_category categories[],
                        size_t count)
{
    const char *old = account_known_colors(op, account);
    struct buf text;

    buf_init(&text, op->arena);
    for (size_t i = 0; i < count; i++)
        if (categories[i].color != NULL)
            buf_printf(&text, "%s\x01%s\n", categories[i].name,
                       categories[i].color);
    if (old != NULL && strcmp(old, text.data) == 0)
        return;
    index_set_fact(op, account->index, "colors", text.data);
    if (old != NULL)
        changes_tell(account, 0);
}

enum status account_categories(struct op *op, struct account *account,
                               struct account_category **categories_out,
                               size_t *count_out)
{
    struct remote_category *list = NULL;
    struct remote *remote;
    enum status status = account_remote(op, account, &remote);

    *count_out = 0;
    if (status == STATUS_OK)
        status = account_told(
            account, remote->backend->categories(op, remote, &list, count_out));
    if (status == STATUS_UNSUPPORTED)
        status = STATUS_OK;
    *categories_out =
        arena_array(op->arena, *count_out + 1, sizeof **categories_out);
    for (size_t i = 0; i < *count_out; i++)
        (*categories_out)[i] = (struct account_category){
            .name = list[i].name,
            .color = list[i].color >= 0 && list[i].color < COLORS
                         ? colors[list[i].color]
                         : NULL,
        };
    if (status == STATUS_OK)
        keep_colors(op, account, *categories_out, *count_out);
    return status;
}
