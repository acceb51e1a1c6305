/*
 * object_members.c - members of groups that are other cards
 *
 * A client may name a member by the UID of its card.  Exchange knows people by
 * their addresses: it gets that of the card, and the client keeps its line.
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_private.h"
#include "proxy/format/card_line.h"

#define UUID "urn:uuid:"

/* What is read of the cards that a group names. */
struct members {
    struct arena *arena;
    struct contact_member *list;
    size_t count;
};

static bool is_card(const struct card_line *line)
{
    return (str_equal(line->name, "MEMBER") ||
            str_equal(line->name, "X-ADDRESSBOOKSERVER-MEMBER")) &&
           !str_starts_nocase(line->value, "mailto:");
}

/* The card with that UID, which may have been said with or without what makes
 * it a URN. */
static enum status find_card(struct desk *desk, const char *value,
                             struct index_object *row)
{
    struct index *index = desk->account->index;
    const char *uid = card_text(desk->op->arena, value);
    enum status status =
        index_object_by_uid(desk->op, index, desk->folder.id, uid, row);

    if (status == STATUS_OK && row->row == 0 && str_starts_nocase(uid, UUID))
        status = index_object_by_uid(desk->op, index, desk->folder.id,
                                     uid + sizeof UUID - 1, row);
    return status;
}

/* Groups in groups stay the client's own. */
static size_t find_cards(struct desk *desk, const char *text, size_t len,
                         const char ***names_out)
{
    struct arena *arena = desk->op->arena;
    struct card card;
    size_t count = 0;

    if (card_read(arena, text, len, &card) != CARD_FINE)
        return 0;
    *names_out = arena_array(arena, card.count + 1, sizeof **names_out);
    for (size_t i = 0; i < card.count; i++) {
        struct index_object row = { 0 };

        if (is_card(&card.lines[i]) &&
            find_card(desk, card.lines[i].value, &row) == STATUS_OK &&
            row.row != 0 && row.kind == REMOTE_CONTACT)
            (*names_out)[count++] = row.name;
    }
    return count;
}

static bool take_card(void *context, size_t index, enum status status,
                      const struct object *object, const char *text, size_t len)
{
    struct members *members = context;
    struct contact contact;
    enum vcard_version version;
    const char *reason;

    (void)index, (void)object;
    if (status != STATUS_OK || vcard_read(members->arena, text, len, &contact,
                                          &version, &reason) != VCARD_FINE)
        return true;
    if (contact.email[0].address != NULL && *contact.email[0].address != '\0')
        members->list[members->count++] = (struct contact_member){
            .address = arena_strdup(members->arena, contact.email[0].address),
            .name = arena_strdup(members->arena,
                                 contact.text[CONTACT_DISPLAY_NAME]),
        };
    return true;
}

/* Those that the cards named in a group's text stand for. */
static struct members named_members(struct desk *desk, const char *text,
                                    size_t len)
{
    struct members members = { .arena = desk->op->arena };
    const char **names = NULL;
    size_t count = find_cards(desk, text, len, &names);

    members.list = arena_array(members.arena, count + 1, sizeof *members.list);
    if (count > 0)
        desk_read(desk, names, count, VCARD_4, take_card, &members);
    return members;
}

static bool has_member(const struct contact_member list[], size_t count,
                       const char *address)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal_nocase(list[i].address, address))
            return true;
    return false;
}

void object_add_members(struct desk *desk, const char *text, size_t len,
                        struct contact *group)
{
    struct members named = named_members(desk, text, len);
    size_t count = group->member_count;

    if (named.count == 0)
        return;
    struct contact_member *all =
        arena_array(desk->op->arena, count + named.count, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = group->members[i];
    for (size_t i = 0; i < named.count; i++)
        if (!has_member(all, count, named.list[i].address))
            all[count++] = named.list[i];
    group->members = all;
    group->member_count = count;
}

void object_leave_members(struct desk *desk, const char *text, size_t len,
                          struct contact *group)
{
    struct members named = named_members(desk, text, len);
    struct contact_member *rest =
        arena_array(desk->op->arena, group->member_count + 1, sizeof *rest);
    size_t count = 0;

    for (size_t i = 0; i < group->member_count; i++)
        if (!has_member(named.list, named.count, group->members[i].address))
            rest[count++] = group->members[i];
    group->members = rest;
    group->member_count = count;
}
