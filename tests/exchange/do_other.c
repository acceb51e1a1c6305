/*
 * do_other.c - ResolveNames, ConvertId, GetServerTimeZones
 */
#include "tests/exchange/call.h"

#include <string.h>

#include "proxy/base/str.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/stores.h"
#include "tests/exchange/text.h"
#include "tests/exchange/timezone.h"

/* --- ResolveNames -------------------------------------------------------- */

static bool is_meant(struct call *call, const struct sim_mailbox *mailbox,
                     const char *entry)
{
    if (!sim_is_user(mailbox))
        return false;
    if (str_starts_nocase(entry, "smtp:"))
        entry += 5;
    return str_starts_nocase(mailbox->address, entry) ||
           str_starts_nocase(mailbox->alias, entry) ||
           text_contains(call->arena, mailbox->display_name, entry);
}

static void put_resolution(struct call *call, const struct sim_mailbox *mailbox)
{
    bool full =
        node_true(node_attribute(call->request, "ReturnFullContactData"));

    buf_puts(&call->out, "<t:Resolution><t:Mailbox>");
    put_element(&call->out, "t:Name", mailbox->display_name);
    put_element(&call->out, "t:EmailAddress", mailbox->address);
    buf_puts(&call->out, "<t:RoutingType>SMTP</t:RoutingType>"
                         "<t:MailboxType>Mailbox</t:MailboxType></t:Mailbox>");
    if (full) {
        buf_puts(&call->out, "<t:Contact>");
        put_element(&call->out, "t:DisplayName", mailbox->display_name);
        buf_puts(&call->out,
                 "<t:EmailAddresses><t:Entry Key=\"EmailAddress1\">SMTP:");
        put_text(&call->out, mailbox->address);
        buf_puts(&call->out,
                 "</t:Entry></t:EmailAddresses>"
                 "<t:ContactSource>ActiveDirectory</t:ContactSource>"
                 "</t:Contact>");
    }
    buf_puts(&call->out, "</t:Resolution>");
}

void do_resolve_names(struct call *call)
{
    const char *entry = node_text(call->request, "UnresolvedEntry");
    const char *code = message_fault(call);
    size_t count = 0;

    for (size_t i = 0; i < call->exchange->mailbox_count; i++)
        count += is_meant(call, call->exchange->mailboxes[i], entry);
    if (code == NULL && count == 0)
        code = "ErrorNameResolutionNoResults";
    if (code != NULL) {
        message_simple(call, code, NULL);
        return;
    }
    message_begin(call,
                  count > 1 ? "ErrorNameResolutionMultipleResults" : NULL);
    buf_printf(&call->out,
               "<m:ResolutionSet TotalItemsInView=\"%zu\""
               " IncludesLastItemInRange=\"%s\">",
               count, count <= 100 ? "true" : "false");
    for (size_t i = 0, shown = 0;
         i < call->exchange->mailbox_count && shown < 100; i++)
        if (is_meant(call, call->exchange->mailboxes[i], entry)) {
            put_resolution(call, call->exchange->mailboxes[i]);
            shown++;
        }
    buf_puts(&call->out, "</m:ResolutionSet>");
    message_end(call);
}

/* --- ConvertId ----------------------------------------------------------- */

void do_convert_id(struct call *call)
{
    const struct node *ids = node_child(call->request, "SourceIds");
    const char *format = node_attribute(call->request, "DestinationFormat");

    for (struct node *at = ids->children; at != NULL; at = at->next) {
        const char *id = node_attribute(at, "Id");
        const char *code = message_fault(call);
        struct sim_id_parts parts;

        /* All formats look alike here. */
        if (code == NULL && !sim_id_parse(call->exchange, id, &parts))
            code = "ErrorInvalidIdMalformed";
        if (code != NULL) {
            message_simple(call, code, NULL);
            continue;
        }
        message_begin(call, NULL);
        buf_printf(&call->out,
                   "<m:AlternateId "
                   "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                   " xsi:type=\"t:AlternateIdType\" Format=\"%s\" Id=\"%s\" "
                   "Mailbox=\"",
                   format, id);
        put_text(&call->out, parts.mailbox->address);
        buf_puts(&call->out, parts.mailbox->archive_of != NULL
                                 ? "\" IsArchive=\"true\"/>"
                                 : "\"/>");
        message_end(call);
    }
}

/* --- The rest ------------------------------------------------------------ */

static bool is_asked_for(const struct node *ids, const struct sim_zone *zone)
{
    for (struct node *at = ids == NULL ? NULL : ids->children; at != NULL;
         at = at->next)
        if (str_equal(at->text, zone->id))
            return true;
    return ids == NULL;
}

void do_get_server_time_zones(struct call *call)
{
    const struct node *ids = node_child(call->request, "Ids");
    const char *full = node_attribute(call->request, "ReturnFullTimeZoneData");
    const char *code = message_fault(call);
    const struct sim_zone *zone;

    if (code != NULL) {
        message_simple(call, code, "<m:TimeZoneDefinitions/>");
        return;
    }
    message_begin(call, NULL);
    buf_puts(&call->out, "<m:TimeZoneDefinitions>");
    for (size_t i = 0; (zone = sim_zone_nth(i)) != NULL; i++)
        if (is_asked_for(ids, zone))
            sim_zone_put(&call->out, "t:TimeZoneDefinition", zone,
                         full == NULL || node_true(full));
    buf_puts(&call->out, "</m:TimeZoneDefinitions>");
    message_end(call);
}
