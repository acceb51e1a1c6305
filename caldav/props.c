/*
 * props.c - the properties of resources: one table
 */
#include "caldav/props.h"

#include <string.h>

#include "caldav/names.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

#define ANY DAV_ALL_KINDS
#define FOLDER DAV_FOLDERS
#define CALENDAR DAV_KIND(DAV_CALENDAR)
#define EVENTS (DAV_KIND(DAV_CALENDAR) | DAV_KIND(DAV_TASKS))
#define BOXES (DAV_KIND(DAV_INBOX) | DAV_KIND(DAV_OUTBOX))
#define INBOX DAV_KIND(DAV_INBOX)
#define CARDS (DAV_KIND(DAV_CONTACTS) | DAV_KIND(DAV_DIRECTORY))
#define ITEM (DAV_KIND(DAV_OBJECT) | DAV_KIND(DAV_PERSON))
#define OBJECT DAV_KIND(DAV_OBJECT)
#define HOME DAV_KIND(DAV_HOME)
#define WHO (DAV_KIND(DAV_PRINCIPAL) | DAV_KIND(DAV_PLAIN) | HOME)
#define PERSON DAV_KIND(DAV_PRINCIPAL)
#define PROXY DAV_KIND(DAV_PROXY)
#define ALL DAV_PROP_ALL
#define KEPT DAV_PROP_KEPT

/* clang-format off */
const struct dav_prop dav_props[] = {
    /* WebDAV: RFC 4918, 3253, 3744, 4331, 5397, 5842, 5995, 6578 */
    { "D:resourcetype",                     ANY,            ALL,        dav_get_resourcetype },
    { "D:displayname",                      ANY,            ALL | KEPT, dav_get_displayname },
    { "D:getetag",                          ITEM,           ALL,        dav_get_etag },
    { "D:getcontenttype",                   ITEM | FOLDER,  ALL,        dav_get_content_type },
    { "D:getcontentlength",                 OBJECT,         ALL,        dav_get_content_length },
    { "D:owner",                            ANY,            0,          dav_get_owner },
    { "D:current-user-principal",           ANY,            0,          dav_get_principal },
    { "D:current-user-privilege-set",       ANY,            0,          dav_get_privileges },
    { "D:supported-privilege-set",          ANY,            0,          dav_get_privilege_tree },
    { "D:principal-collection-set",         ANY,            0,          dav_get_principals },
    { "D:principal-URL",                    PERSON | PROXY, 0,          dav_get_principal_url },
    { "D:alternate-URI-set",                PERSON | PROXY, 0,          dav_get_nothing },
    { "D:group-membership",                 PERSON | PROXY, 0,          dav_get_groups },
    { "D:group-member-set",                 PERSON | PROXY, 0,          dav_get_members },
    { "D:supported-report-set",             ANY,            0,          dav_get_reports },
    { "D:sync-token",                       FOLDER | INBOX, 0,          dav_get_sync_token },
    { "D:resource-id",                      FOLDER,         0,          dav_get_resource_id },
    { "D:add-member",                       FOLDER,         0,          dav_get_add_member },
    { "D:quota-used-bytes",                 FOLDER | HOME,  0,          dav_get_quota_used },
    { "D:quota-available-bytes",            FOLDER | HOME,  0,          dav_get_quota_free },
    { "S:getctag",                          FOLDER | INBOX, 0,          dav_get_ctag },

    /* Who is who: RFC 4791, 6.2; RFC 6352, 7.1; RFC 6638, 2 */
    { "C:calendar-home-set",                WHO,            0,          dav_get_calendar_home },
    { "A:addressbook-home-set",             WHO,            0,          dav_get_addressbook_home },
    { "A:directory-gateway",                WHO,            0,          dav_get_directory },
    { "C:calendar-user-address-set",        WHO,            0,          dav_get_addresses },
    { "C:calendar-user-type",               PERSON,         0,          dav_get_user_type },
    { "C:schedule-inbox-URL",               WHO,            0,          dav_get_inbox_url },
    { "C:schedule-outbox-URL",              WHO,            0,          dav_get_outbox_url },
    { "C:schedule-default-calendar-URL",    WHO | BOXES,    0,          dav_get_default_calendar },
    { "S:email-address-set",                WHO,            0,          dav_get_emails },
    { "S:calendar-proxy-write-for",         PERSON,         0,          dav_get_writable },
    { "S:calendar-proxy-read-for",          PERSON,         0,          dav_get_readable },

    /* Calendars: RFC 4791, 5.2; RFC 6638; RFC 7809; Apple's */
    { "C:supported-calendar-component-set", EVENTS | BOXES, 0,          dav_get_components },
    { "C:supported-calendar-component-sets", HOME,          0,          dav_get_component_sets },
    { "C:supported-calendar-data",          EVENTS | BOXES, 0,          dav_get_calendar_types },
    { "C:supported-collation-set",          EVENTS,         0,          dav_get_collations },
    { "C:max-resource-size",                EVENTS,         0,          dav_get_max_size },
    { "C:max-attachment-size",              CALENDAR,       0,          dav_get_max_size },
    { "C:max-attachments-per-resource",     CALENDAR,       0,          dav_get_max_attachments },
    { "C:managed-attachments-server-URL",   HOME,           0,          dav_get_attachments_url },
    { "C:min-date-time",                    EVENTS,         0,          dav_get_min_date },
    { "C:max-date-time",                    EVENTS,         0,          dav_get_max_date },
    { "C:max-instances",                    EVENTS,         0,          dav_get_max_instances },
    { "C:max-attendees-per-instance",       EVENTS,         0,          dav_get_max_attendees },
    { "C:calendar-description",             EVENTS,         KEPT,       NULL },
    { "C:calendar-timezone",                EVENTS,         KEPT,       dav_get_time_zone },
    { "C:calendar-timezone-id",             EVENTS,         KEPT,       dav_get_time_zone_id },
    { "C:schedule-calendar-transp",         EVENTS,         KEPT,       dav_get_transparency },
    { "C:schedule-tag",                     OBJECT,         0,          dav_get_schedule_tag },
    { "C:calendar-data",                    OBJECT,         0,          dav_get_data },
    { "I:calendar-color",                   EVENTS,         KEPT,       dav_get_color },
    { "I:calendar-order",                   EVENTS,         KEPT,       NULL },

    /* Address books: RFC 6352, 6.2 */
    { "A:supported-address-data",           CARDS,          0,          dav_get_card_types },
    { "A:supported-collation-set",          CARDS,          0,          dav_get_card_collations },
    { "A:max-resource-size",                CARDS,          0,          dav_get_max_size },
    { "A:addressbook-description",          CARDS,          KEPT,       NULL },
    { "A:address-data",                     ITEM,           0,          dav_get_card_data },

    { DAV_SEGMENT,                          0,              0,          NULL }, /* ours alone */
};
/* clang-format on */

const size_t dav_prop_count = sizeof dav_props / sizeof *dav_props;

const struct dav_prop *dav_prop_find(const char *name)
{
    for (size_t i = 0; i < dav_prop_count; i++)
        if (str_equal(dav_props[i].name, name))
            return &dav_props[i];
    return NULL;
}

/* --- What is known of a resource ------------------------------------------ */

/* What cannot be read has no schedule tag. */
static enum status know(struct dav_resource *resource)
{
    struct dav_call *call = resource->call;
    const struct dav_place *place = &resource->place;
    int64_t folder = place->folder->id;
    bool is_one = place->kind == DAV_OBJECT;

    objects_know(call->op, call->account, folder, is_one ? &place->name : NULL,
                 is_one);
    return objects_marks(call->op, call->account, folder, &resource->marks);
}

enum status dav_resource_marks(struct dav_resource *resource,
                               const struct object_marks **marks_out)
{
    struct dav_call *call = resource->call;

    /* A box of ours is empty, and stays so. */
    if (resource->place.folder == NULL) {
        resource->marks = (struct object_marks){ .validity = 1 };
        resource->has_marks = true;
    }
    if (!resource->has_marks) {
        resource->marks_status =
            objects_refresh(call->op, call->account, resource->place.folder->id,
                            &resource->marks);
        if (resource->marks_status == STATUS_OK && call->tags)
            resource->marks_status = know(resource);
    }
    resource->has_marks = true;
    *marks_out = &resource->marks;
    return resource->marks_status;
}

static bool can_keep(const struct dav_resource *resource)
{
    return (DAV_KIND(resource->place.kind) &
            (DAV_FOLDERS | DAV_KIND(DAV_OBJECT))) != 0;
}

static void load_kept(struct dav_resource *resource)
{
    struct dav_call *call = resource->call;

    if (resource->has_kept || !can_keep(resource))
        return;
    resource->has_kept = true;
    resource->kept_status = object_properties(
        call->op, call->account, resource->place.folder->id,
        resource->object != NULL ? resource->object->name : NULL,
        &resource->kept, &resource->kept_count);
    if (resource->kept_status != STATUS_OK)
        resource->kept_count = 0;
}

const char *dav_resource_kept(struct dav_resource *resource, const char *name)
{
    load_kept(resource);
    for (size_t i = 0; i < resource->kept_count; i++)
        if (str_equal(resource->kept[i].name, name))
            return resource->kept[i].value;
    return NULL;
}

/* --- Asking --------------------------------------------------------------- */

void dav_ask_read(struct arena *arena, const struct dav_node *prop,
                  struct dav_ask *ask)
{
    size_t count = ask->count;

    for (const struct dav_node *node = dav_child(prop, NULL); node != NULL;
         node = dav_sibling(node, NULL))
        count++;
    const char **names = arena_array(arena, count + 1, sizeof *names);
    for (count = 0; count < ask->count; count++)
        names[count] = ask->names[count];
    for (const struct dav_node *node = dav_child(prop, NULL); node != NULL;
         node = dav_sibling(node, NULL))
        names[count++] = node->name;
    ask->names = names;
    ask->count = count;
}

bool dav_asks_for(const struct dav_ask *ask, const char *name)
{
    for (size_t i = 0; i < ask->count; i++)
        if (str_equal(ask->names[i], name))
            return true;
    return false;
}

static bool has_place(const struct dav_prop *prop,
                      const struct dav_resource *resource)
{
    return (prop->places & DAV_KIND(resource->place.kind)) != 0;
}

/* A value as it was kept: XML that stands for itself, and its language. */
static void put_kept(struct xml_writer *writer, struct arena *arena,
                     const char *value)
{
    if (str_starts(value, DAV_KEPT_LANGUAGE)) {
        const char *language = value + strlen(DAV_KEPT_LANGUAGE);
        size_t len = strcspn(language, "?");

        xml_attribute(writer, "xml:lang", arena_strndup(arena, language, len));
        value = language + len + strlen("?>");
    }
    xml_text(writer, "");
    buf_puts(writer->out, value);
}

enum status dav_prop_write(struct dav_resource *resource, const char *name,
                           struct xml_writer *writer)
{
    struct arena *arena = resource->call->op->arena;
    const struct dav_prop *prop = dav_prop_find(name);
    const char *kept = NULL;

    if (prop != NULL && !has_place(prop, resource))
        return STATUS_NOT_FOUND;
    if (prop == NULL || (prop->traits & DAV_PROP_KEPT) != 0)
        kept = dav_resource_kept(resource, dav_name_long(arena, name));
    if (kept != NULL) {
        put_kept(writer, arena, kept);
        return STATUS_OK;
    }
    if (resource->kept_status != STATUS_OK)
        return resource->kept_status;
    return prop != NULL && prop->get != NULL ? prop->get(resource, writer)
                                             : STATUS_NOT_FOUND;
}

/* --- Responses ------------------------------------------------------------ */

/* One response under way: what is found goes out at once, what is not is told
 * after it. */
struct answer {
    struct dav_resource *resource;
    struct arena *arena;
    struct xml_writer *writer;
    bool found; /* the propstat for it is open */
    const char **missing;
    int *codes;
    size_t missing_count;
};

static void open_found(struct answer *answer)
{
    if (!answer->found) {
        xml_open(answer->writer, "D:propstat");
        xml_open(answer->writer, "D:prop");
    }
    answer->found = true;
}

static void miss(struct answer *answer, const char *name, int code)
{
    answer->missing[answer->missing_count] = name;
    answer->codes[answer->missing_count++] = code;
}

/* Writes a property, or takes back what was written of it. */
static void put(struct answer *answer, const char *name, bool tells_missing)
{
    struct xml_writer before = *answer->writer;
    bool found = answer->found;
    size_t len = before.out->len;

    open_found(answer);
    dav_open(answer->writer, answer->arena, name);
    enum status status = dav_prop_write(answer->resource, name, answer->writer);
    if (status == STATUS_OK) {
        xml_close(answer->writer);
        return;
    }
    before.out->len = len;
    before.out->data[len] = '\0';
    *answer->writer = before;
    answer->found = found;
    if (tells_missing)
        miss(answer, name, dav_words(status)->code);
}

static void close_propstat(struct xml_writer *writer, int code)
{
    xml_close(writer);
    dav_put_status(writer, code);
    xml_close(writer);
}

/* One propstat for each way to be missing. */
static void put_missing(struct answer *answer)
{
    struct xml_writer *writer = answer->writer;

    for (size_t i = 0; i < answer->missing_count; i++) {
        int code = answer->codes[i];

        if (code == 0)
            continue;
        xml_open(writer, "D:propstat");
        xml_open(writer, "D:prop");
        for (size_t k = i; k < answer->missing_count; k++) {
            if (answer->codes[k] != code)
                continue;
            dav_open(writer, answer->arena, answer->missing[k]);
            xml_close(writer);
            answer->codes[k] = 0;
        }
        close_propstat(writer, code);
    }
}

static void put_all(struct answer *answer)
{
    struct dav_resource *resource = answer->resource;

    for (size_t i = 0; i < dav_prop_count; i++)
        if ((dav_props[i].traits & DAV_PROP_ALL) != 0 &&
            has_place(&dav_props[i], resource))
            put(answer, dav_props[i].name, false);
    load_kept(resource);
    for (size_t i = 0; i < resource->kept_count; i++) {
        const char *name =
            dav_name_short(answer->arena, resource->kept[i].name);

        if (dav_prop_find(name) == NULL)
            put(answer, name, false);
    }
}

static void put_name(struct answer *answer, const char *name)
{
    open_found(answer);
    dav_open(answer->writer, answer->arena, name);
    xml_close(answer->writer);
}

static void put_names(struct answer *answer)
{
    struct dav_resource *resource = answer->resource;

    for (size_t i = 0; i < dav_prop_count; i++)
        if (has_place(&dav_props[i], resource) && dav_props[i].get != NULL)
            put_name(answer, dav_props[i].name);
    load_kept(resource);
    for (size_t i = 0; i < resource->kept_count; i++) {
        const char *name =
            dav_name_short(answer->arena, resource->kept[i].name);
        const struct dav_prop *prop = dav_prop_find(name);

        if (prop == NULL || prop->get == NULL)
            put_name(answer, name);
    }
}

bool dav_response_props(struct dav_multistatus *out,
                        struct dav_resource *resource,
                        const struct dav_ask *ask)
{
    struct arena *arena = resource->call->op->arena;
    struct answer answer = {
        .resource = resource,
        .arena = arena,
        .writer = &out->writer,
        .missing = arena_array(arena, ask->count + 1, sizeof(char *)),
        .codes = arena_array(arena, ask->count + 1, sizeof(int)),
    };

    dav_response_begin(out, resource->place.href);
    if (ask->kind == DAV_ASK_ALL)
        put_all(&answer);
    if (ask->kind == DAV_ASK_NAMES)
        put_names(&answer);
    for (size_t i = 0; i < ask->count; i++)
        put(&answer, ask->names[i], true);

    if (answer.found)
        close_propstat(answer.writer, 200);
    if (!out->minimal)
        put_missing(&answer);
    /* RFC 4918, 14.24: there has to be something. */
    if (!answer.found && (out->minimal || answer.missing_count == 0)) {
        xml_open(answer.writer, "D:propstat");
        xml_element(answer.writer, "D:prop", NULL);
        dav_put_status(answer.writer, 200);
        xml_close(answer.writer);
    }
    return dav_response_end(out);
}
