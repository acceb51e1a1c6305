/*
 * values.c - the values of items and folders at a path
 */
#include "tests/exchange/path.h"

#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/contacts.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/publics.h"
#include "tests/exchange/stores.h"

static struct property_value one(struct arena *arena, const char *text)
{
    const char **texts = arena_array(arena, 1, sizeof *texts);

    texts[0] = text;
    return (struct property_value){ texts, text == NULL ? 0 : 1 };
}

static const char *number(struct arena *arena, int64_t value)
{
    return arena_printf(arena, "%lld", (long long)value);
}

static const char *instant(struct arena *arena, int64_t time)
{
    char text[40];

    if (time == TIME_NONE)
        return NULL;
    time_to_iso(time, text);
    return arena_strdup(arena, text);
}

static const char *header(struct arena *arena, struct sim_item *item,
                          const char *name)
{
    return letter_field_text(arena, item->content->data,
                             item->content->header_len, name);
}

static const char *sender_part(struct arena *arena, struct sim_item *item,
                               bool name)
{
    struct letter_address *from = letter_addresses(
        arena, item->content->data, item->content->header_len, "From");

    if (from[0].address == NULL)
        return NULL;
    return name && *from[0].name != '\0' ? from[0].name : from[0].address;
}

static const char *display_list(struct arena *arena, struct sim_item *item,
                                const char *name)
{
    struct letter_address *all = letter_addresses(
        arena, item->content->data, item->content->header_len, name);
    struct buf text;

    buf_init(&text, arena);
    for (size_t i = 0; all[i].address != NULL; i++)
        buf_printf(&text, "%s%s", i == 0 ? "" : "; ",
                   *all[i].name != '\0' ? all[i].name : all[i].address);
    return text.len == 0 ? "" : text.data;
}

static const char *read_body(struct arena *arena, struct sim_item *item)
{
    struct letter_part *parts;
    size_t count =
        letter_parts(arena, item->content->data, item->content->len, &parts);

    for (size_t i = 0; i < count; i++)
        if (str_equal(parts[i].type, "text/plain") && !parts[i].attachment)
            return letter_part_text(arena, &parts[i]);
    for (size_t i = 0; i < count; i++)
        if (str_starts(parts[i].type, "text/") && !parts[i].attachment)
            return letter_part_text(arena, &parts[i]);
    return "";
}

/* HTML without its marks; what only programs read is left out. */
static char *strip_marks(struct arena *arena, const char *html)
{
    struct buf out;

    buf_init(&out, arena);
    while (*html != '\0') {
        const char *close = *html == '<' ? strchr(html, '>') : NULL;

        if (str_starts_nocase(html, "<style"))
            close = strcasestr(html, "</style>");
        if (str_starts_nocase(html, "<head"))
            close = strcasestr(html, "</head>");
        if (close == NULL) {
            buf_putc(&out, *html++);
            continue;
        }
        buf_putc(&out, ' ');
        html = strchr(close, '>') + 1;
    }
    return out.len == 0 ? arena_strdup(arena, "") : out.data;
}

const char *item_plain_text(struct arena *arena, struct sim_item *item)
{
    struct letter_part *parts;
    size_t count =
        letter_parts(arena, item->content->data, item->content->len, &parts);
    const struct letter_part *html = NULL;

    for (size_t i = 0; i < count; i++) {
        if (str_equal(parts[i].type, "text/plain") && !parts[i].attachment)
            return letter_part_text(arena, &parts[i]);
        if (str_equal(parts[i].type, "text/html") && !parts[i].attachment &&
            html == NULL)
            html = &parts[i];
    }
    return html == NULL ? ""
                        : strip_marks(arena, letter_part_text(arena, html));
}

/* The item's conversation as a property has it. */
static const char *conversation(struct arena *arena, struct sim_item *item)
{
    unsigned char raw[16] = { 0 };
    char *text = arena_alloc(arena, base64_encoded_size(sizeof raw) + 1);

    if (item->folder->mailbox->exchange->version < EXCHANGE_2010_SP1)
        return NULL;
    memcpy(raw, &item->conversation, sizeof item->conversation);
    text[base64_encode(raw, sizeof raw, text)] = '\0';
    return text;
}

/* What Exchange keeps of an item itself, by its tag. */
static const char *read_tag(struct arena *arena, uint32_t tag,
                            enum property_type type, struct sim_item *item)
{
    switch (tag << 8 | type) {
    case 0x0e07 << 8 | TYPE_INTEGER:
        return number(arena, sim_item_flags(item));
    case 0x0e08 << 8 | TYPE_INTEGER:
    case 0x0e08 << 8 | TYPE_LONG:
        return number(arena, sim_item_size(item));
    case 0x0e23 << 8 | TYPE_INTEGER:
        return number(arena, item->article);
    case 0x67a4 << 8 | TYPE_LONG:
        return number(arena, (int64_t)item->tick);
    case 0x0e69 << 8 | TYPE_BOOLEAN:
        return sim_item_flags(item) & FLAG_READ ? "true" : "false";
    case 0x0e1b << 8 | TYPE_BOOLEAN:
        return item->flags & FLAG_HAS_ATTACHMENT ? "true" : "false";
    case 0x0e06 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, item->received);
    case 0x0039 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, item->submitted);
    case 0x3007 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, item->created);
    case 0x3008 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, item->modified);
    case 0x001a << 8 | TYPE_STRING:
        return item->class;
    case 0x007d << 8 | TYPE_STRING:
        return item->transport_header;
    case 0x0037 << 8 | TYPE_STRING:
        return header(arena, item, "Subject");
    case 0x0070 << 8 | TYPE_STRING:
    case 0x0e1d << 8 | TYPE_STRING:
        return item_topic(arena, item);
    case 0x3013 << 8 | TYPE_BINARY:
        return conversation(arena, item);
    case 0x1035 << 8 | TYPE_STRING:
        return header(arena, item, "Message-ID");
    case 0x1039 << 8 | TYPE_STRING:
        return header(arena, item, "References");
    case 0x1042 << 8 | TYPE_STRING:
        return header(arena, item, "In-Reply-To");
    case 0x0e04 << 8 | TYPE_STRING:
        return display_list(arena, item, "To");
    case 0x0e03 << 8 | TYPE_STRING:
        return display_list(arena, item, "Cc");
    case 0x0e02 << 8 | TYPE_STRING:
        return display_list(arena, item, "Bcc");
    case 0x0c1a << 8 | TYPE_STRING:
    case 0x0042 << 8 | TYPE_STRING:
        return sender_part(arena, item, true);
    case 0x0c1f << 8 | TYPE_STRING:
    case 0x0065 << 8 | TYPE_STRING:
    case 0x5d01 << 8 | TYPE_STRING:
    case 0x5d02 << 8 | TYPE_STRING:
        return sender_part(arena, item, false);
    case 0x1000 << 8 | TYPE_STRING:
        return read_body(arena, item);
    default:
        return NULL;
    }
}

static const char *search_key(struct arena *arena, const struct sim_item *item)
{
    char *text =
        arena_alloc(arena, base64_encoded_size(sizeof item->search_key) + 1);

    base64_encode(item->search_key, sizeof item->search_key, text);
    return text;
}

static struct property_value categories(struct sim_item *item)
{
    size_t count = 0;

    while (item->categories != NULL && item->categories[count] != NULL)
        count++;
    return (struct property_value){ (const char *const *)item->categories,
                                    count };
}

struct property_value property_values(struct arena *arena,
                                      const struct property_key *key,
                                      struct sim_item *item)
{
    const struct property *kept = bag_find(&item->bag, key);

    if (kept != NULL)
        return (struct property_value){ (const char *const *)kept->texts,
                                        kept->count };
    if (key->set == NULL && key->number == 0x300b && key->type == TYPE_BINARY)
        return one(arena, search_key(arena, item));
    if (key->set == NULL)
        return one(arena, read_tag(arena, key->number, key->type, item));
    if (str_equal(key->set, SET_PUBLIC_STRINGS) &&
        str_equal(key->name, "Keywords"))
        return categories(item);
    if (str_equal(key->set, SET_INTERNET_HEADERS) && key->name != NULL)
        return one(arena, header(arena, item, key->name));
    return (struct property_value){ NULL, 0 };
}

struct property_value path_values(struct arena *arena, const struct path *path,
                                  struct sim_item *item)
{
    if (path->kind == PATH_EXTENDED)
        return property_values(arena, &path->key, item);
    if (path->kind == PATH_INDEXED &&
        str_equal(path->uri, "item:InternetMessageHeader"))
        return one(arena, header(arena, item, path->index));
    if (path->kind == PATH_INDEXED && form_of(item) == FORM_CONTACT)
        return one(arena, contact_indexed(item, path));
    if (path->field == NULL)
        return (struct property_value){ NULL, 0 };
    if (str_equal(path->field->uri, "item:Categories"))
        return categories(item);
    return one(arena, field_text(arena, path->field, item));
}

static const char *folder_text(struct arena *arena, const char *uri,
                               struct sim_folder *folder)
{
    if (str_equal(uri, "folder:DisplayName"))
        return folder->name;
    if (str_equal(uri, "folder:FolderClass"))
        return *folder->class == '\0' ? NULL : folder->class;
    if (str_equal(uri, "folder:TotalCount"))
        return number(arena, (int64_t)sim_folder_total(folder));
    if (str_equal(uri, "folder:UnreadCount"))
        return number(arena, (int64_t)sim_folder_unread(folder));
    return NULL;
}

/* The root's is what the whole mailbox has. */
static int64_t folder_octets(const struct sim_folder *folder)
{
    int64_t octets = 0;

    if (folder->parent == NULL)
        return (int64_t)folder->mailbox->octets;
    for (size_t i = 0; i < folder->count; i++)
        octets += sim_item_size(folder->items[i]);
    return octets;
}

/* The GUIDs of the mailboxes that hold a public folder, each with a NUL. */
static const char *replicas(struct arena *arena,
                            const struct sim_folder *folder)
{
    const struct sim_public *home;
    char *text;

    if (!sim_is_public(folder->mailbox) ||
        folder->mailbox->exchange->version < EXCHANGE_2013_SP1)
        return NULL;
    home = sim_public_of(folder);
    text = arena_alloc(arena, base64_encoded_size(sizeof home->guid) + 1);
    text[base64_encode(home->guid, sizeof home->guid, text)] = '\0';
    return text;
}

/* A part of the quota in KB, which only the root folder tells. */
static const char *quota(struct arena *arena, const struct sim_folder *folder,
                         unsigned percent)
{
    uint64_t octets = folder->mailbox->exchange->quota;

    return octets == 0 || folder->parent != NULL
               ? NULL
               : number(arena, (int64_t)(octets / 1024 * percent / 100));
}

static const char *folder_tag(struct arena *arena, uint32_t tag,
                              enum property_type type,
                              struct sim_folder *folder)
{
    switch (tag << 8 | type) {
    case 0x10f4 << 8 | TYPE_BOOLEAN:
        return folder->hidden ? "true" : NULL;
    case 0x3601 << 8 | TYPE_INTEGER:
        return folder->parent == NULL ? "0" : folder->search ? "2" : "1";
    case 0x3602 << 8 | TYPE_INTEGER:
        return number(arena, (int64_t)sim_folder_total(folder));
    case 0x3603 << 8 | TYPE_INTEGER:
        return number(arena, (int64_t)sim_folder_unread(folder));
    case 0x3001 << 8 | TYPE_STRING:
        return folder->name;
    case 0x3613 << 8 | TYPE_STRING:
        return *folder->class == '\0' ? NULL : folder->class;
    case 0x3007 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, folder->created);
    case 0x3008 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, folder->modified);
    case 0x670a << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, folder->committed);
    case 0x670b << 8 | TYPE_INTEGER:
        return number(arena, folder->deleted_total);
    case 0x6751 << 8 | TYPE_INTEGER:
        return number(arena, folder->next_article);
    case 0x0e08 << 8 | TYPE_INTEGER:
    case 0x0e08 << 8 | TYPE_LONG:
        return number(arena, folder_octets(folder));
    case 0x6698 << 8 | TYPE_BINARY:
        return replicas(arena, folder);
    case 0x666a << 8 | TYPE_INTEGER:
        return quota(arena, folder, 100);
    case 0x666e << 8 | TYPE_INTEGER:
        return quota(arena, folder, 95);
    case 0x3ff5 << 8 | TYPE_INTEGER:
        return quota(arena, folder, 90);
    case 0x3617 << 8 | TYPE_INTEGER:
        return "0";
    default:
        return NULL;
    }
}

struct property_value folder_values(struct arena *arena,
                                    const struct path *path,
                                    struct sim_folder *folder)
{
    const struct property *kept;

    if (path->kind != PATH_EXTENDED)
        return one(arena, folder_text(arena, path->uri, folder));
    kept = bag_find(&folder->bag, &path->key);
    if (kept != NULL)
        return (struct property_value){ (const char *const *)kept->texts,
                                        kept->count };
    return one(arena,
               path->key.set == NULL
                   ? folder_tag(arena, path->key.number, path->key.type, folder)
                   : NULL);
}
