/*
 * multistatus.c - answers about many resources at once
 */
#include "caldav/multistatus.h"

#include "caldav/names.h"

void dav_multistatus_init(struct dav_multistatus *out, struct dav_call *call)
{
    *out = (struct dav_multistatus){
        .call = call,
        .minimal = dav_prefers(call, "return=minimal"),
    };
    xml_writer_init(&out->writer, &call->reply->body);
}

static void begin(struct dav_multistatus *out)
{
    struct dav_reply *reply = out->call->reply;

    if (out->begun)
        return;
    out->begun = true;
    if (out->minimal)
        dav_applied(out->call, "return=minimal");
    dav_reply_begin(reply, 207, "application/xml; charset=utf-8");
    buf_puts(&reply->body, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    dav_open_root(&out->writer, "D:multistatus");
}

void dav_response_begin(struct dav_multistatus *out, const char *href)
{
    begin(out);
    xml_open(&out->writer, "D:response");
    xml_element(&out->writer, "D:href", href);
}

bool dav_response_end(struct dav_multistatus *out)
{
    xml_close(&out->writer);
    return dav_reply_flow(out->call->reply);
}

void dav_put_status(struct xml_writer *writer, int code)
{
    xml_element(writer, "D:status", dav_status_line(code));
}

void dav_put_error(struct xml_writer *writer, const char *precondition)
{
    xml_open(writer, "D:error");
    xml_element(writer, precondition, NULL);
    xml_close(writer);
}

bool dav_response_status(struct dav_multistatus *out, const char *href,
                         int code, const char *precondition)
{
    dav_response_begin(out, href);
    dav_put_status(&out->writer, code);
    if (precondition != NULL)
        dav_put_error(&out->writer, precondition);
    return dav_response_end(out);
}

enum status dav_multistatus_end(struct dav_multistatus *out, const char *token)
{
    begin(out);
    if (token != NULL)
        xml_element(&out->writer, "D:sync-token", token);
    xml_close(&out->writer);
    dav_reply_end(out->call->reply);
    return STATUS_OK;
}
