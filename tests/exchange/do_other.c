/*
 * do_other.c - ConvertId, GetServerTimeZones
 */
#include "tests/exchange/call.h"

#include <string.h>

#include "proxy/base/str.h"
#include "tests/exchange/timezone.h"

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
