/*
 * props_principal.c - properties of discovery: who is who, and where his things
 * are (RFC 5397, RFC 4791, 6.2, RFC 6352, 7.1, RFC 6638, 2)
 *
 * On collections that only lead to others, and on the home, they tell of the
 * one who asks: programs look for them in many places.
 */
#include "caldav/props.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/schedule.h"

/* Whom a property is about: the owner of the place, or who asks. */
static const char *person(const struct dav_resource *resource)
{
    const char *owner = resource->place.owner;

    return owner != NULL ? owner : resource->call->tree.self;
}

static bool is_self(const struct dav_resource *resource)
{
    return resource->place.owner == NULL || resource->place.own;
}

static struct arena *arena_of(const struct dav_resource *resource)
{
    return resource->call->op->arena;
}

enum status dav_get_principal(struct dav_resource *resource,
                              struct xml_writer *writer)
{
    dav_put_href(writer, dav_href_principal(arena_of(resource),
                                            resource->call->tree.self));
    return STATUS_OK;
}

enum status dav_get_principal_url(struct dav_resource *resource,
                                  struct xml_writer *writer)
{
    dav_put_href(writer, resource->place.href);
    return STATUS_OK;
}

enum status dav_get_principals(struct dav_resource *resource,
                               struct xml_writer *writer)
{
    (void)resource;
    dav_put_href(writer, "/principals/users/");
    return STATUS_OK;
}

/* The homes of others come after one's own. */
static enum status put_homes(struct dav_resource *resource,
                             struct xml_writer *writer)
{
    struct dav_call *call = resource->call;
    const char **mails = dav_shared(&call->tree);

    dav_put_href(writer, dav_href_home(call->op->arena, person(resource)));
    for (size_t i = 0; is_self(resource) && mails[i] != NULL; i++)
        dav_put_href(writer, dav_href_home(call->op->arena, mails[i]));
    return STATUS_OK;
}

enum status dav_get_calendar_home(struct dav_resource *resource,
                                  struct xml_writer *writer)
{
    return put_homes(resource, writer);
}

enum status dav_get_addressbook_home(struct dav_resource *resource,
                                     struct xml_writer *writer)
{
    return put_homes(resource, writer);
}

enum status dav_get_directory(struct dav_resource *resource,
                              struct xml_writer *writer)
{
    (void)resource;
    dav_put_href(writer, "/directory/");
    return STATUS_OK;
}

static bool is_known(struct dav_tree *tree, const char *mail)
{
    const char **mails = dav_shared(tree);

    while (*mails != NULL && !str_equal_nocase(*mails, mail))
        mails++;
    return *mails != NULL;
}

/* All of one's addresses and of those whose mailboxes are known: a program that
 * works in somebody's calendar has to know him by each.  Others are as they are
 * called. */
static enum status list_addresses(struct dav_resource *resource,
                                  const char *const **addresses_out)
{
    struct dav_call *call = resource->call;

    if (is_self(resource))
        return schedule_addresses(call->op, call->account, addresses_out);
    if (is_known(&call->tree, person(resource))) {
        *addresses_out =
            schedule_addresses_of(call->op, call->account, person(resource));
        return STATUS_OK;
    }
    const char **one = arena_array(call->op->arena, 2, sizeof *one);
    one[0] = person(resource);
    *addresses_out = one;
    return STATUS_OK;
}

enum status dav_get_addresses(struct dav_resource *resource,
                              struct xml_writer *writer)
{
    struct arena *arena = arena_of(resource);
    const char *const *addresses;
    enum status status = list_addresses(resource, &addresses);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; addresses[i] != NULL; i++) {
        xml_open(writer, "D:href");
        if (i == 0)
            xml_attribute(writer, "preferred", "1");
        xml_text(writer, arena_printf(arena, "mailto:%s", addresses[i]));
        xml_close(writer);
    }
    dav_put_href(writer, dav_href_principal(arena, person(resource)));
    return STATUS_OK;
}

enum status dav_get_emails(struct dav_resource *resource,
                           struct xml_writer *writer)
{
    const char *const *addresses;
    enum status status = list_addresses(resource, &addresses);

    for (size_t i = 0; status == STATUS_OK && addresses[i] != NULL; i++)
        xml_element(writer, "S:email-address", addresses[i]);
    return status;
}

enum status dav_get_user_type(struct dav_resource *resource,
                              struct xml_writer *writer)
{
    (void)resource;
    xml_text(writer, "INDIVIDUAL");
    return STATUS_OK;
}

static enum status put_main(struct dav_resource *resource,
                            struct xml_writer *writer, const char *word)
{
    struct dav_tree *tree = &resource->call->tree;

    /* Whoever may write somebody's calendar invites for him, too. */
    if (!is_self(resource) && !dav_is_proxied(tree, person(resource), true))
        return STATUS_NOT_FOUND;
    dav_put_href(writer, dav_place_main(tree, person(resource), word));
    return STATUS_OK;
}

enum status dav_get_inbox_url(struct dav_resource *resource,
                              struct xml_writer *writer)
{
    return put_main(resource, writer, "inbox");
}

enum status dav_get_outbox_url(struct dav_resource *resource,
                               struct xml_writer *writer)
{
    return put_main(resource, writer, "outbox");
}

enum status dav_get_default_calendar(struct dav_resource *resource,
                                     struct xml_writer *writer)
{
    return put_main(resource, writer, "calendar");
}

/* --- Whose calendars one may open -----------------------------------------
 *
 * Apple's way to tell: each principal has two groups, of those who may read and
 * of those who may write his calendar ("Calendar User Proxy Functionality in
 * CalDAV").  Whom others have let in is theirs to know. */

static void put_people(struct dav_resource *resource, struct xml_writer *writer,
                       bool write)
{
    const char **mails =
        is_self(resource) ? dav_proxied(&resource->call->tree, write) : NULL;

    for (; mails != NULL && *mails != NULL; mails++)
        dav_put_href(writer, dav_href_principal(arena_of(resource), *mails));
}

enum status dav_get_writable(struct dav_resource *resource,
                             struct xml_writer *writer)
{
    put_people(resource, writer, true);
    return STATUS_OK;
}

enum status dav_get_readable(struct dav_resource *resource,
                             struct xml_writer *writer)
{
    put_people(resource, writer, false);
    return STATUS_OK;
}

static void put_groups(struct dav_resource *resource, struct xml_writer *writer,
                       bool write)
{
    const char *group = write ? DAV_PROXY_WRITE : DAV_PROXY_READ;
    const char **mails = dav_proxied(&resource->call->tree, write);

    for (; *mails != NULL; mails++)
        dav_put_href(writer, dav_href_proxy(arena_of(resource), *mails, group));
}

enum status dav_get_groups(struct dav_resource *resource,
                           struct xml_writer *writer)
{
    if (!is_self(resource) || resource->place.kind == DAV_PROXY)
        return STATUS_OK;
    put_groups(resource, writer, true);
    put_groups(resource, writer, false);
    return STATUS_OK;
}

enum status dav_get_members(struct dav_resource *resource,
                            struct xml_writer *writer)
{
    struct dav_tree *tree = &resource->call->tree;
    const struct dav_place *place = &resource->place;

    if (place->kind == DAV_PROXY && !place->own &&
        dav_is_proxied(tree, place->owner,
                       str_equal(place->name, DAV_PROXY_WRITE)))
        dav_put_href(writer,
                     dav_href_principal(arena_of(resource), tree->self));
    return STATUS_OK;
}

enum status dav_get_nothing(struct dav_resource *resource,
                            struct xml_writer *writer)
{
    (void)resource, (void)writer;
    return STATUS_OK;
}
