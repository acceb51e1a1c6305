/*
 * directory.c - people and groups of the organisation: finding them, and who is
 * in a group
 *
 * The first hundred come from ResolveNames, which tells all there is to say of
 * each, and the others from FindPeople.  The two sort differently and share
 * most, so that somebody who is known already is passed over.
 */
#include "proxy/exchange/ews/directory.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/table.h"
#include "proxy/exchange/ews/book.h"

#define PAGE_SIZE 100

/* What one who asks for everybody is told at most. */
#define PAGES_MAX 50

/* --- Finding -------------------------------------------------------------- */

struct finding {
    struct op *op;
    struct ews *ews;
    struct table *known;
    struct person **people; /* as many as there is room for */
    size_t count;
    size_t room;
    size_t limit; /* 0: none */
    bool complete;
};

static void grow(struct finding *finding)
{
    size_t room = finding->room * 2 + PAGE_SIZE;
    struct person **people =
        arena_array(finding->op->arena, room, sizeof *people);

    if (finding->count > 0)
        memcpy(people, finding->people, finding->count * sizeof *people);
    finding->people = people;
    finding->room = room;
}

static bool is_full(const struct finding *finding)
{
    return finding->limit > 0 && finding->count >= finding->limit;
}

/* Whether he was not known before. */
static bool add(struct finding *finding, struct person *person)
{
    if (is_full(finding)) {
        finding->complete = false;
        return true;
    }
    if (table_add(finding->known, 0, person->id, person) != person)
        return false;
    if (finding->count == finding->room)
        grow(finding);
    finding->people[finding->count++] = person;
    return true;
}

static enum status find_first(struct finding *finding, const char *text)
{
    const struct xml_node *set, *at;
    enum status status = resolve_names(finding->op, finding->ews, text, &set);

    for (at = set != NULL ? set->children : NULL; at; at = at->next) {
        struct person *person = arena_alloc(finding->op->arena, sizeof *person);
        if (person_read(finding->op->arena, at, person))
            add(finding, person);
    }
    if (str_equal(xml_value(set, "IncludesLastItemInRange"), "false"))
        finding->complete = false;
    return status;
}

/* One page of the others; false where there is no point in going on. */
static bool find_page(struct finding *finding, const char *text, size_t page)
{
    struct person *people;
    size_t count, added = 0;
    bool more;

    if (personas_find(finding->op, finding->ews, text, page * PAGE_SIZE,
                      PAGE_SIZE, &people, &count, &more) != STATUS_OK)
        return false;
    if (!more)
        finding->complete = true;
    for (size_t i = 0; i < count; i++)
        added += add(finding, &people[i]);
    /* The first page may well be those who are known. */
    return more && (added > 0 || page < 2) && !is_full(finding);
}

/* That Exchange does not tell of more is no failure: those found are true. */
static void find_others(struct finding *finding, const char *text)
{
    struct op before = *finding->op;

    for (size_t page = 0; page < PAGES_MAX; page++)
        if (!find_page(finding, text, page))
            break;
    finding->op->reason = before.reason;
    finding->op->failed = before.failed;
}

static bool has_others(const struct finding *finding, const char *text)
{
    return !finding->complete && !is_full(finding) &&
           ews_version(finding->ews) >= EWS_2013 &&
           !str_starts_nocase(text, "smtp:");
}

static void give_out(const struct finding *finding, struct person **people_out,
                     size_t *count_out)
{
    struct person *people =
        arena_array(finding->op->arena, finding->count + 1, sizeof *people);

    for (size_t i = 0; i < finding->count; i++)
        people[i] = *finding->people[i];
    *people_out = people;
    *count_out = finding->count;
}

static enum status find(struct op *op, struct remote *remote, const char *text,
                        size_t limit, struct person **people_out,
                        size_t *count_out, bool *complete_out)
{
    struct finding finding = { .op = op,
                               .ews = ews_of(remote),
                               .known = table_new(op->arena),
                               .limit = limit,
                               .complete = true };
    enum status status = find_first(&finding, text);

    if (status == STATUS_OK && has_others(&finding, text))
        find_others(&finding, text);
    if (status == STATUS_OK && op_cancelled(op))
        status = STATUS_CANCELLED;
    give_out(&finding, people_out, count_out);
    *complete_out = status == STATUS_OK && finding.complete;
    return status;
}

/* --- Groups --------------------------------------------------------------- */

static void build_expansion(void *context, struct soap_request *request)
{
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:Mailbox");
    xml_element(writer, "t:EmailAddress", context);
    xml_close(writer);
}

static enum status members(struct op *op, struct remote *remote,
                           const char *address,
                           struct person_link **members_out, size_t *count_out,
                           bool *complete_out)
{
    struct soap_call call = { .operation = "ExpandDL",
                              .find = true,
                              .build = build_expansion,
                              .context = (void *)address };
    const struct xml_node *message;
    enum status status =
        soap_ask(op, ews_of(remote), &call, op->arena, &message);

    *members_out = NULL;
    *count_out = 0;
    *complete_out = false;
    if (status != STATUS_OK)
        return status;
    const struct xml_node *list = xml_child(message, "DLExpansion");
    *members_out = person_read_links(op->arena, list, count_out);
    /* The schema has this on the message, Exchange on the list. */
    *complete_out =
        !str_equal(xml_value(list, "IncludesLastItemInRange"), "false") &&
        !str_equal(xml_value(message, "IncludesLastItemInRange"), "false");
    if (*count_out == 0)
        return op_fail(op, STATUS_NOT_FOUND, "nobody is shown to be in %s",
                       str_printable(op->arena, address, strlen(address), 100));
    return STATUS_OK;
}

const struct remote_directory ews_directory = {
    .find = find,
    .members = members,
    .photo = ews_photo,
    .book = ews_book,
};
