/*
 * contact_update.c - making and changing contacts and groups
 *
 * A contact's picture is an attachment with a mark that Exchange knows from
 * 2010 on; before that its name alone says what it is.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/ews/attachments.h"
#include "proxy/exchange/ews/contact_map.h"
#include "proxy/exchange/ews/objects.h"
#include "proxy/exchange/ews/property.h"

static void write_new(struct soap_request *request, const void *form)
{
    contact_write_new(request, form);
}

static void write_changes(struct soap_request *request, const void *form,
                          unsigned parts)
{
    (void)parts;
    contact_write_changes(request, form);
}

/* Groups have their members from 2010 on only. */
static bool is_possible(const struct ews *ews, const struct contact *contact)
{
    return !contact->group || ews_version(ews) >= EWS_2010;
}

static struct contact_form form_of(struct op *op, const struct contact *contact,
                                   const struct contact *was,
                                   const struct remote_object_extras *extras)
{
    return (struct contact_form){
        .arena = op->arena,
        .contact = contact,
        .was = was,
        .name = extras->name,
        .kept = object_pack(op, extras),
        .token = extras->token,
    };
}

/* --- The picture ---------------------------------------------------------- */

static enum status add_photo(struct op *op, struct ews *ews,
                             const struct contact *contact,
                             struct remote_result *result)
{
    const struct attachment_parent parent = { result->id, result->change_key };
    const struct event_attachment photo = {
        .name = "ContactPicture.jpg",
        .type =
            contact->photo_type != NULL ? contact->photo_type : "image/jpeg",
        .data = contact->photo,
        .len = contact->photo_len,
    };
    const struct event_attachment *attachment = &photo;

    return attachments_add(op, ews, &parent, &attachment, 1, true, NULL,
                           result);
}

static enum status remove_photo(struct op *op, struct ews *ews,
                                const char *photo, struct remote_result *result)
{
    struct remote_result removed;
    enum status status = attachments_remove(op, ews, &photo, 1, &removed);

    if (removed.change_key != NULL)
        result->change_key = removed.change_key;
    result->status = status;
    return status;
}

static bool has_photo_here(const struct contact *contact)
{
    return contact->photo != NULL && contact->photo_len > 0;
}

static bool is_photo_other(const struct contact *was,
                           const struct contact *shall)
{
    return has_photo_here(shall) &&
           (!has_photo_here(was) || was->photo_len != shall->photo_len ||
            memcmp(was->photo, shall->photo, was->photo_len) != 0);
}

static void build_list(void *context, struct soap_request *request)
{
    static const struct property attachments = { PROPERTY_FIELD, 0,
                                                 "item:Attachments", NULL };
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:ItemShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_open(writer, "t:AdditionalProperties");
    property_write_path(writer, &attachments);
    xml_close(writer);
    xml_close(writer);
    xml_open(writer, "m:ItemIds");
    object_write_id(writer, "t:ItemId", context, NULL);
    xml_close(writer);
}

/* Whoever knows the contact from its card has no id of the picture. */
static enum status find_photo(struct op *op, struct ews *ews, const char *id,
                              const char **photo_out)
{
    struct soap_call call = { .operation = "GetItem",
                              .build = build_list,
                              .context = (void *)id };
    const struct xml_node *message;
    enum status status = soap_ask(op, ews, &call, op->arena, &message);

    if (status == STATUS_OK)
        *photo_out = attachments_photo(op->arena,
                                       xml_descendant(message, "Attachments"));
    return status;
}

static enum status change_photo(struct op *op, struct ews *ews,
                                const struct contact *was,
                                const struct contact *shall,
                                struct remote_result *result)
{
    const char *photo = was->photo_id;
    bool other = is_photo_other(was, shall);
    bool goes = was->has_photo && !shall->has_photo && !has_photo_here(shall);
    enum status status = STATUS_OK;

    if (!other && !goes)
        return STATUS_OK;
    if (photo == NULL)
        status = find_photo(op, ews, result->id, &photo);
    if (status == STATUS_OK && photo != NULL)
        status = remove_photo(op, ews, photo, result);
    if (status == STATUS_OK && other)
        status = add_photo(op, ews, shall, result);
    result->status = status;
    return status;
}

/* --- Contacts ------------------------------------------------------------- */

enum status ews_contact_create(struct op *op, struct remote *remote,
                               const char *folder,
                               const struct contact *contact,
                               const struct remote_object_extras *extras,
                               struct remote_result *result)
{
    struct ews *ews = ews_of(remote);
    const struct contact named = contact_named(op->arena, contact, NULL);
    const struct contact_form form = form_of(op, &named, NULL, extras);
    const struct object_creation creation = {
        .folder = folder,
        .element = contact_element(contact),
        .write = write_new,
        .form = &form,
    };

    *result = (struct remote_result){ .status = STATUS_UNSUPPORTED };
    if (!is_possible(ews, contact))
        return STATUS_UNSUPPORTED;
    enum status status = object_create(op, ews, &creation, result);
    if (status == STATUS_OK && has_photo_here(contact))
        status = add_photo(op, ews, contact, result);
    return status;
}

enum status ews_contact_update(struct op *op, struct remote *remote,
                               const struct remote_object *object,
                               const struct contact *was,
                               const struct contact *shall,
                               const struct remote_object_extras *extras,
                               struct remote_result *result)
{
    struct ews *ews = ews_of(remote);
    const struct contact named = contact_named(op->arena, shall, was);
    const struct contact_form form = form_of(op, &named, was, extras);
    const struct object_change_of change = {
        .id = object->id,
        .change_key = object->change_key,
        .write = write_changes,
        .form = &form,
    };
    enum status status = STATUS_OK;

    *result = (struct remote_result){ STATUS_UNSUPPORTED, object->id,
                                      object->change_key };
    if (!is_possible(ews, shall))
        return STATUS_UNSUPPORTED;
    if (was->group != shall->group) {
        result->status = STATUS_CANNOT;
        return op_fail(op, STATUS_CANNOT, "a group is no contact");
    }
    result->status = STATUS_OK;
    if (contact_has_changes(&form))
        status = object_update(op, ews, &change, result);
    return status == STATUS_OK ? change_photo(op, ews, was, shall, result)
                               : status;
}
