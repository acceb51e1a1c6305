/*
 * columns.c - see columns.h
 *
 * Flags come from several properties.  Exchange keeps one "last verb" for what
 * IMAP calls answered and forwarded, and nothing for four others: those, and
 * both verbs where both are set, are in a property of ours, so that nothing is
 * lost.  Items that Exchange gives no read mark (appointments, contacts) have
 * theirs there, too.  What makes a message a draft cannot be changed later: a
 * client that calls it one, or none, is remembered there against it.
 */
#include "proxy/exchange/ews/columns.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/property.h"

#define MESSAGE_READ 0x1
#define MESSAGE_UNSENT 0x8
#define VERB_REPLY 102
#define VERB_REPLY_TO_ALL 103
#define VERB_FORWARD 104
#define FLAG_FLAGGED 2

#define VERBS ((uint32_t)(MAIL_ANSWERED | MAIL_FORWARDED))
#define DRAFTS ((uint32_t)(MAIL_DRAFT | MAIL_UNSENT))
#define HOMELESS ((uint32_t)(MAIL_MDN_SENT | MAIL_JUNK | MAIL_NOT_JUNK))

/* clang-format off */
static const struct property item_class = { PROPERTY_FIELD, 0, "item:ItemClass", NULL };
static const struct property received   = { PROPERTY_FIELD, 0, "item:DateTimeReceived", NULL };
static const struct property created    = { PROPERTY_TAG, 0x3007, NULL, "SystemTime" };
static const struct property size       = { PROPERTY_TAG, 0x0e08, NULL, "Integer" };
static const struct property search_key = { PROPERTY_TAG, 0x300b, NULL, "Binary" };
/* Exchange 2010 and later */
static const struct property conversation = { PROPERTY_FIELD, 0, "item:ConversationId", NULL };
/* clang-format on */

static const struct property *const columns[] = {
    &item_class,
    &received,
    &property_categories,
    &property_is_read,
    &property_message_id,
    &created,
    &size,
    &search_key,
    &property_article,
    &property_message_flags,
    &property_flag_status,
    &property_last_verb,
    &property_deleted,
    &property_own_flags,
};

void columns_write_shape(struct soap_request *request,
                         const struct property *more)
{
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:ItemShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_open(writer, "t:AdditionalProperties");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        property_write_path(writer, columns[i]);
    if (request->version >= EWS_2010)
        property_write_path(writer, &conversation);
    if (more != NULL)
        property_write_path(writer, more);
    xml_close(writer);
    xml_close(writer);
}

/* How clients have it shown where Exchange has it otherwise: MAIL_DRAFT as one,
 * MAIL_UNSENT as none though it is. */
static uint32_t draft_override(uint32_t flags)
{
    bool shown = flags & MAIL_DRAFT;
    bool unsent = flags & MAIL_UNSENT;

    return shown == unsent ? 0 : flags & DRAFTS;
}

static uint32_t draft_flags(bool unsent, uint32_t override)
{
    bool shown = override == 0 ? unsent : override == MAIL_DRAFT;

    return (shown ? MAIL_DRAFT : 0) | (unsent ? MAIL_UNSENT : 0);
}

uint32_t columns_own_flags(uint32_t flags)
{
    uint32_t own = (flags & HOMELESS) | draft_override(flags);

    return (flags & VERBS) == VERBS ? own | VERBS : own;
}

static uint32_t verb_flags(int64_t verb)
{
    if (verb == VERB_REPLY || verb == VERB_REPLY_TO_ALL)
        return MAIL_ANSWERED;
    return verb == VERB_FORWARD ? MAIL_FORWARDED : 0;
}

static uint32_t read_flags(const struct xml_node *node)
{
    const char *is_read = property_text(node, &property_is_read);
    int64_t message_flags = property_number(node, &property_message_flags, 0);
    int64_t own = property_number(node, &property_own_flags, -1);
    uint32_t flags = verb_flags(property_number(node, &property_last_verb, 0));

    if (own >= 0)
        flags |= (uint32_t)own & (VERBS | HOMELESS);
    if (is_read != NULL ? str_equal(is_read, "true")
        : own >= 0      ? (own & MAIL_SEEN) != 0
                        : (message_flags & MESSAGE_READ) != 0)
        flags |= MAIL_SEEN;
    flags |= draft_flags(message_flags & MESSAGE_UNSENT,
                         own >= 0 ? (uint32_t)own & DRAFTS : 0);
    if (property_number(node, &property_flag_status, 0) == FLAG_FLAGGED)
        flags |= MAIL_FLAGGED;
    if (property_number(node, &property_deleted, 0) == 1)
        flags |= MAIL_DELETED;
    return flags;
}

static const char *const *read_categories(struct arena *arena,
                                          const struct xml_node *node)
{
    const struct xml_node *list = property_find(node, &property_categories);
    size_t count = 0;

    if (list == NULL || list->children == NULL)
        return NULL;
    for (const struct xml_node *name = list->children; name; name = name->next)
        count++;
    const char **categories = arena_array(arena, count + 1, sizeof *categories);
    count = 0;
    for (const struct xml_node *name = list->children; name; name = name->next)
        categories[count++] = arena_strdup(arena, name->text);
    return categories;
}

static uint32_t positive(int64_t number)
{
    return number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

static const char *text_or_null(struct arena *arena, const char *text)
{
    return text != NULL && *text != '\0' ? arena_strdup(arena, text) : NULL;
}

bool columns_read(struct arena *arena, const struct xml_node *node,
                  struct remote_item *item)
{
    const struct xml_node *id = xml_child(node, "ItemId");
    const char *class = property_text(node, &item_class);
    const char *change_key = xml_value(id, "ChangeKey");

    memset(item, 0, sizeof *item);
    item->id = arena_strdup(arena, xml_value(id, "Id"));
    if (item->id == NULL)
        return false;
    item->change_key =
        arena_strdup(arena, change_key != NULL ? change_key : "");
    item->class = arena_strdup(arena, class != NULL ? class : "");
    item->article = positive(property_number(node, &property_article, 0));
    item->flags = read_flags(node);
    item->categories = read_categories(arena, node);
    item->received = property_time(node, &received);
    item->created = property_time(node, &created);
    if (item->received == TIME_NONE)
        item->received = item->created;
    item->size = positive(property_number(node, &size, 0));
    item->message_id =
        text_or_null(arena, property_text(node, &property_message_id));
    item->search_key = text_or_null(arena, property_text(node, &search_key));
    item->conversation = text_or_null(
        arena, xml_value(property_find(node, &conversation), "Id"));
    return true;
}
