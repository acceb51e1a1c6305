/*
 * paging.c - answers that come page by page (RFC 2696)
 */
#include "ldap/paging.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ldap/ber.h"
#include "ldap/filter.h"
#include "ldap/offers.h"
#include "ldap/request.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"

struct ldap_paging {
    struct arena *arena;
    const struct account *account; /* compared, never looked into */
    struct octets search;          /* as text, to know it again */
    unsigned long long number;     /* of this search, for the cookie */
    struct ldap_entry *entries;
    size_t count;
    size_t room;
    size_t told;
    size_t octets;
    struct ldap_result result;
};

/* --- The control ---------------------------------------------------------- */

bool ldap_page_read(struct arena *arena, struct octets value,
                    struct ldap_page_request *request_out)
{
    struct ber_reader reader = ber_reader(value.data, value.len), content;

    return ber_take(&reader, BER_SEQUENCE, &content) &&
           ber_take_integer(&content, BER_INTEGER, 0, &request_out->size) &&
           ber_take_octets(&content, BER_OCTETS, arena, &request_out->cookie);
}

/* Names the search and how much of it has been told. */
static const char *cookie(struct arena *arena, const struct ldap_paging *paging)
{
    return arena_printf(arena, "%llu.%zu", paging->number, paging->told);
}

struct ldap_answer_control ldap_paging_control(struct arena *arena,
                                               const struct ldap_paging *paging)
{
    struct ber_writer *writer = ber_writer_new();
    bool more = paging != NULL && ldap_paging_has_more(paging);

    ber_open(writer, BER_SEQUENCE);
    ber_add_integer(writer, BER_INTEGER,
                    paging != NULL ? (int32_t)paging->count : 0);
    ber_add_text(writer, BER_OCTETS, more ? cookie(arena, paging) : "");
    ber_close(writer);
    return (struct ldap_answer_control){ LDAP_CONTROL_PAGED,
                                         ber_finish(&writer, arena) };
}

/* --- The same search again ------------------------------------------------ */

static void put_octets(struct buf *out, struct octets value)
{
    buf_printf(out, "%zu:", value.len);
    buf_append(out, value.data != NULL ? value.data : "", value.len);
}

static void put_text(struct buf *out, const char *text)
{
    put_octets(out, (struct octets){ text != NULL ? text : "",
                                     text != NULL ? strlen(text) : 0 });
}

static void put_filter(struct buf *out, const struct ldap_filter *filter)
{
    buf_printf(out, "(%d,%d,", (int)filter->kind, filter->dn_attributes);
    put_text(out, filter->attribute);
    put_text(out, filter->rule);
    put_octets(out, filter->value);
    put_octets(out, filter->initial);
    for (size_t i = 0; i < filter->any_count; i++)
        put_octets(out, filter->any[i]);
    buf_putc(out, ',');
    put_octets(out, filter->final);
    for (size_t i = 0; i < filter->child_count; i++)
        put_filter(out, &filter->children[i]);
    buf_putc(out, ')');
}

static struct octets search_text(struct arena *arena,
                                 const struct ldap_search *search)
{
    struct buf out;

    buf_init(&out, arena);
    buf_printf(&out, "%d,%d,%d,", (int)search->scope, (int)search->size_limit,
               search->types_only);
    put_text(&out, search->base);
    put_filter(&out, search->filter);
    for (size_t i = 0; search->attributes[i] != NULL; i++)
        put_text(&out, search->attributes[i]);
    return (struct octets){ out.data, out.len };
}

bool ldap_paging_goes_on(const struct ldap_paging *paging,
                         const struct ldap_search *search,
                         const struct account *account, struct octets wanted)
{
    struct arena *arena = arena_new();
    struct octets text = search_text(arena, search);
    bool same = paging != NULL && paging->account == account &&
                str_equal(cookie(arena, paging), wanted.data) &&
                text.len == paging->search.len &&
                memcmp(text.data, paging->search.data, text.len) == 0;

    arena_free(&arena);
    return same;
}

/* --- The entries ---------------------------------------------------------- */

struct ldap_paging *ldap_paging_new(const struct ldap_search *search,
                                    const struct account *account)
{
    static atomic_ullong last;
    struct ldap_paging *paging = memory_new(sizeof *paging);

    paging->arena = arena_new();
    paging->account = account;
    paging->number = atomic_fetch_add(&last, 1) + 1;
    paging->search = search_text(paging->arena, search);
    return paging;
}

void ldap_paging_free(struct ldap_paging **paging)
{
    if (*paging != NULL)
        arena_free(&(*paging)->arena);
    free(*paging);
    *paging = NULL;
}

bool ldap_paging_add(struct ldap_paging *paging, const struct ldap_entry *entry)
{
    if (paging->octets >= LDAP_PAGING_LIMIT)
        return false;
    if (paging->count == paging->room) {
        size_t room = paging->room * 2 + 64;
        struct ldap_entry *entries =
            arena_array(paging->arena, room, sizeof *entries);

        if (paging->count > 0)
            memcpy(entries, paging->entries, paging->count * sizeof *entries);
        paging->entries = entries;
        paging->room = room;
    }
    paging->entries[paging->count++] =
        entry_copy(paging->arena, entry, &paging->octets);
    return true;
}

void ldap_paging_end(struct ldap_paging *paging,
                     const struct ldap_result *result)
{
    paging->result = (struct ldap_result){
        .code = result->code,
        .matched = arena_strdup(paging->arena, result->matched),
        .message = arena_strdup(paging->arena, result->message),
    };
}

const struct ldap_entry *ldap_paging_next(struct ldap_paging *paging)
{
    return ldap_paging_has_more(paging) ? &paging->entries[paging->told++]
                                        : NULL;
}

bool ldap_paging_has_more(const struct ldap_paging *paging)
{
    return paging->told < paging->count;
}

struct ldap_result ldap_paging_result(const struct ldap_paging *paging)
{
    return paging->result;
}
