/*
 * mime_address.c - lists of addresses (RFC 5322, 3.4)
 *
 * libetpan reads what is written to the letter.  Of the rest it makes something
 * else without saying so ("Ann <ann@x" becomes one mailbox "Ann<ann"), so its
 * answer is taken only where it read everything and each address is a plain
 * one.  All others (comments, routes, quoted local parts, semicolons between
 * addresses, no domain) are read by the small reader below, which gives up on
 * nothing:  an address without a domain has the empty host.
 */
#include "proxy/format/mime.h"

#include <string.h>

#include <libetpan/mailimf.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

/* Longer lists are not given to libetpan, whose time for odd ones is not known.
 */
#define LIBETPAN_MAX (64 * 1024)

/* --- The list ------------------------------------------------------------ */

struct list {
    struct arena *arena;
    struct mime_addresses addresses;
    size_t capacity;
};

static void list_add(struct list *list, struct mime_address address)
{
    struct mime_addresses *addresses = &list->addresses;
    if (addresses->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 4 : list->capacity * 2;
        struct mime_address *grown =
            arena_array(list->arena, list->capacity, sizeof *grown);
        if (addresses->count > 0)
            memcpy(grown, addresses->list, addresses->count * sizeof *grown);
        addresses->list = grown;
    }
    addresses->list[addresses->count++] = address;
}

static void list_begin_group(struct list *list, const char *name)
{
    list_add(list, (struct mime_address){ .mailbox = name });
}

static void list_end_group(struct list *list)
{
    list_add(list, (struct mime_address){ .mailbox = NULL });
}

/* --- By libetpan --------------------------------------------------------- */

/* local@domain with nothing about it that needs interpreting. */
static bool is_plain(const char *address)
{
    const char *at = strchr(address, '@');
    return at != NULL && at != address && at[1] != '\0' &&
           strchr(at + 1, '@') == NULL &&
           strpbrk(address, " \t\"()<>[]:;,\\") == NULL;
}

static bool add_mailbox(struct list *list,
                        const struct mailimf_mailbox *mailbox)
{
    const char *address = mailbox->mb_addr_spec;
    if (address == NULL || !is_plain(address))
        return false;
    const char *at = strchr(address, '@');
    list_add(list,
             (struct mime_address){
                 .name = arena_strdup(list->arena, mailbox->mb_display_name),
                 .mailbox = arena_strndup(list->arena, address,
                                          (size_t)(at - address)),
                 .host = arena_strdup(list->arena, at + 1),
             });
    return true;
}

static bool add_group(struct list *list, const struct mailimf_group *group)
{
    list_begin_group(list, arena_strdup(list->arena, group->grp_display_name));
    if (group->grp_mb_list != NULL) {
        for (clistiter *i = clist_begin(group->grp_mb_list->mb_list); i != NULL;
             i = clist_next(i)) {
            if (!add_mailbox(list, clist_content(i)))
                return false;
        }
    }
    list_end_group(list);
    return true;
}

static bool add_all(struct list *list, const struct mailimf_address_list *read)
{
    for (clistiter *i = clist_begin(read->ad_list); i != NULL;
         i = clist_next(i)) {
        const struct mailimf_address *address = clist_content(i);
        bool added = address->ad_type == MAILIMF_ADDRESS_GROUP
                         ? add_group(list, address->ad_data.ad_group)
                         : add_mailbox(list, address->ad_data.ad_mailbox);
        if (!added)
            return false;
    }
    return true;
}

static bool read_strictly(struct list *list, const char *value)
{
    size_t len = strlen(value);
    /* libetpan forgets comments, and recurses into nested ones. */
    if (len > LIBETPAN_MAX || strchr(value, '(') != NULL)
        return false;
    size_t offset = 0;
    struct mailimf_address_list *read = NULL;
    if (mailimf_address_list_parse(value, len, &offset, &read) !=
        MAILIMF_NO_ERROR)
        return false;
    bool whole = offset == len && add_all(list, read);
    mailimf_address_list_free(read);
    return whole;
}

/* --- By ourselves -------------------------------------------------------- */

/* The end of what is quoted from `at` on; the end of the text if it is not
 * closed. */
static const char *skip_quoted(const char *at)
{
    for (at++; *at != '\0' && *at != '"'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
    }
    return *at == '\0' ? at : at + 1;
}

static const char *skip_comment(const char *at)
{
    size_t depth = 0;
    for (; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && --depth == 0)
            return at + 1;
    }
    return at;
}

/* The end of a bracket that is closed before another one opens; else one
 * further. */
static const char *skip_bracket(const char *at, const char *both)
{
    const char *other = strpbrk(at + 1, both);
    return other != NULL && *other == both[1] ? other + 1 : at + 1;
}

/* Moves over one character, or over something whose inside is not looked at. */
static const char *skip_one(const char *at)
{
    switch (*at) {
    case '"':
        return skip_quoted(at);
    case '(':
        return skip_comment(at);
    case '<':
        return skip_bracket(at, "<>");
    case '[':
        return skip_bracket(at, "[]");
    default:
        return at + 1;
    }
}

static const char *find(const char *at, const char *end, const char *set)
{
    while (at < end && strchr(set, *at) == NULL)
        at = skip_one(at);
    return at < end ? at : end;
}

/* Text without quotes, the outermost comments left out or only they kept. */
static char *plain_text(struct arena *arena, const char *at, const char *end,
                        bool comments)
{
    struct buf out;
    buf_init(&out, arena);
    buf_puts(&out, "");
    while (at < end) {
        const char *next = *at == '"' || *at == '(' ? skip_one(at) : at + 1;
        next = next < end ? next : end;
        if (*at == '(') {
            bool closed = next[-1] == ')';
            if (comments)
                buf_append(&out, at + 1,
                           (size_t)(next - at - (closed ? 2 : 1)));
        } else if (*at == '"') {
            for (at++;
                 at < next && !(*at == '"' && at + 1 == next) && !comments;
                 at++) {
                if (*at == '\\' && at + 1 < next)
                    at++;
                buf_putc(&out, *at);
            }
        } else if (!comments) {
            buf_putc(&out, *at);
        }
        at = next;
    }
    return str_trim(arena, out.data);
}

/* The last "@" that is not quoted, or NULL. */
static const char *find_at(const char *at, const char *end)
{
    const char *found = NULL;
    while ((at = find(at, end, "@")) < end)
        found = at++;
    return found;
}

static void add_address(struct list *list, const char *at, const char *end)
{
    struct arena *arena = list->arena;
    struct mime_address address = { .host = "" };
    const char *angle = find(at, end, "<");
    /* The last bracket counts: "Ann <sales> <ann@example.com>". */
    for (const char *next = angle; next < end; next = find(next + 1, end, "<"))
        angle = next;
    const char *name = plain_text(arena, at, angle, false);
    if (angle == end || *name == '\0')
        name = plain_text(arena, at, end, true);
    address.name = *name == '\0' ? NULL : name;

    /* A comment alone is white space, a name before "<>" is somebody. */
    bool is_somebody = angle < end && address.name != NULL;
    if (angle < end) {
        at = angle + 1;
        end = find(at, end, ">");
    }
    const char *colon = *at == '@' ? find(at, end, ":") : end;
    if (colon < end) {
        address.route = plain_text(arena, at, colon, false);
        at = colon + 1;
    }
    const char *sign = find_at(at, end);
    if (sign != NULL)
        address.host = plain_text(arena, sign + 1, end, false);
    address.mailbox = plain_text(arena, at, sign == NULL ? end : sign, false);
    if (*address.mailbox != '\0' || *address.host != '\0' || is_somebody)
        list_add(list, address);
}

static void read_leniently(struct list *list, const char *value)
{
    bool in_group = false;
    const char *end = value + strlen(value);
    for (const char *at = value; at < end;) {
        const char *stop = find(at, end, in_group ? ",;" : ",;:");
        if (stop < end && *stop == ':') {
            list_begin_group(list, plain_text(list->arena, at, stop, false));
            in_group = true;
        } else {
            add_address(list, at, stop);
        }
        if (in_group && (stop == end || *stop == ';')) {
            list_end_group(list);
            in_group = false;
        }
        at = stop + 1;
    }
    if (in_group)
        list_end_group(list);
}

struct mime_addresses mime_addresses_parse(struct arena *arena,
                                           const char *value)
{
    struct list list = { .arena = arena };
    if (!read_strictly(&list, value)) {
        list = (struct list){ .arena = arena };
        read_leniently(&list, value);
    }
    return list.addresses;
}
