/*
 * form_common.c - what all items have, in those that are no mail
 */
#include "tests/exchange/form.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/calendar.h"
#include "tests/exchange/form_words.h"
#include "tests/exchange/store.h"

static const char *const sensitivities[] = { "Normal", "Personal", "Private",
                                             "Confidential", NULL };
static const char *const importances[] = { "Low", "Normal", "High", NULL };

/* --- Bodies -------------------------------------------------------------- */

/* HTML without its marks, as far as a text needs it. */
static const char *plain_of(struct arena *arena, const char *html)
{
    struct buf out;
    bool mark = false;

    buf_init(&out, arena);
    buf_puts(&out, "");
    for (; *html != '\0'; html++) {
        if (*html == '<') {
            mark = true;
            if (str_starts_nocase(html, "<br") ||
                str_starts_nocase(html, "</p") ||
                str_starts_nocase(html, "</div"))
                buf_puts(&out, "\r\n");
        } else if (*html == '>') {
            mark = false;
        } else if (!mark && str_starts(html, "&lt;")) {
            buf_putc(&out, '<');
            html += 3;
        } else if (!mark && str_starts(html, "&gt;")) {
            buf_putc(&out, '>');
            html += 3;
        } else if (!mark && str_starts(html, "&amp;")) {
            buf_putc(&out, '&');
            html += 4;
        } else if (!mark && str_starts(html, "&nbsp;")) {
            buf_putc(&out, ' ');
            html += 5;
        } else if (!mark && *html != '\r' && *html != '\n') {
            buf_putc(&out, *html);
        }
    }
    return out.len == 0 ? "" : out.data;
}

static const char *html_of(struct arena *arena, const char *text)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "<html><head><meta http-equiv=\"Content-Type\" content=\""
                   "text/html; charset=utf-8\"></head><body><div>");
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            buf_puts(&out, "<br>\r\n");
        else if (*text == '<')
            buf_puts(&out, "&lt;");
        else if (*text == '>')
            buf_puts(&out, "&gt;");
        else if (*text == '&')
            buf_puts(&out, "&amp;");
        else if (*text != '\r')
            buf_putc(&out, *text);
    }
    buf_puts(&out, "</div></body></html>");
    return out.data;
}

static const char *store_body(struct call *call, const struct form_field *field,
                              struct sim_item *item, const struct node *element)
{
    const char *text = element == NULL ? "" : element->text;

    (void)field;
    form_remove(item, SET_HIDDEN, HIDDEN_HTML, TYPE_STRING);
    if (str_equal(node_attribute(element, "BodyType"), "HTML")) {
        form_set(item, SET_HIDDEN, HIDDEN_HTML, TYPE_STRING, text);
        text = plain_of(call->arena, text);
    }
    form_set(item, NULL, 0x1000, TYPE_STRING, text);
    return NULL;
}

void form_put_body(struct call *call, const char *element,
                   struct sim_item *item, const char *wanted)
{
    const char *html = form_get(item, SET_HIDDEN, HIDDEN_HTML, TYPE_STRING);
    const char *text = form_get(item, NULL, 0x1000, TYPE_STRING);
    bool as_html = str_equal(wanted, "HTML") ||
                   (str_equal(wanted, "Best") && html != NULL);

    if (text == NULL)
        text = "";
    if (as_html && html == NULL && *text != '\0')
        html = html_of(call->arena, text);
    buf_printf(&call->out, "<t:%s BodyType=\"%s\">", element,
               as_html ? "HTML" : "Text");
    put_text(&call->out, as_html ? html == NULL ? "" : html : text);
    buf_printf(&call->out, "</t:%s>", element);
}

void form_put_strings(struct call *call, const struct field *field,
                      struct sim_item *item)
{
    struct property_key key = { field->source.set, field->source.tag, NULL,
                                field->source.type };
    const struct property *kept = bag_find(&item->bag, &key);

    if (kept == NULL)
        return;
    buf_printf(&call->out, "<t:%s>", field->element);
    for (size_t i = 0; i < kept->count; i++)
        put_element(&call->out, "t:String", kept->texts[i]);
    buf_printf(&call->out, "</t:%s>", field->element);
}

/* --- Storing ------------------------------------------------------------- */

static const char *store_names(struct call *call,
                               const struct form_field *field,
                               struct sim_item *item,
                               const struct node *element)
{
    (void)field;
    store_categories(call, item, element);
    return NULL;
}

/* Outlook's mark of what is private goes with it. */
static const char *store_sensitivity(struct call *call,
                                     const struct form_field *field,
                                     struct sim_item *item,
                                     const struct node *element)
{
    const char *code =
        element == NULL ? "ErrorInvalidPropertyDelete"
                        : form_store(call, &field->field.source, item, element);

    if (code == NULL)
        form_set_true(item, SET_COMMON, 0x8506,
                      str_equal(element->text, "Private"));
    return code;
}

static const char *store_class(struct call *call,
                               const struct form_field *field,
                               struct sim_item *item,
                               const struct node *element)
{
    char *old = item->class;

    (void)call;
    (void)field;
    if (element == NULL)
        return "ErrorInvalidPropertyDelete";
    item->class = memory_strdup(element->text);
    if (!form_is_kept(item)) {
        free(item->class);
        item->class = old;
        return "ErrorObjectTypeChanged";
    }
    free(old);
    return NULL;
}

static const char *store_reminder(struct call *call,
                                  const struct form_field *field,
                                  struct sim_item *item,
                                  const struct node *element)
{
    (void)call;
    (void)field;
    form_set_true(item, SET_COMMON, REMINDER_SET,
                  element != NULL && node_true(element->text));
    return NULL;
}

static const char *store_minutes(struct call *call,
                                 const struct form_field *field,
                                 struct sim_item *item,
                                 const struct node *element)
{
    long minutes = element == NULL ? 15 : strtol(element->text, NULL, 10);

    (void)call;
    (void)field;
    if (minutes < 0 || minutes > 2629800)
        return "ErrorCalendarInvalidPropertyValue";
    bag_set_number(&item->bag, SET_COMMON, REMINDER_DELTA, minutes);
    return NULL;
}

/* A task has its reminder at a time; an event's follows from its start. */
static const char *store_due(struct call *call, const struct form_field *field,
                             struct sim_item *item, const struct node *element)
{
    const char *code = NULL;

    if (element == NULL)
        form_remove(item, SET_COMMON, REMINDER_TIME, TYPE_SYSTEM_TIME);
    else
        code = form_store(call, &field->field.source, item, element);
    if (code == NULL && element != NULL)
        form_set_time(item, SET_COMMON, REMINDER_SIGNAL,
                      form_time(item, SET_COMMON, REMINDER_TIME));
    return code;
}

static const char *store_nothing(struct call *call,
                                 const struct form_field *field,
                                 struct sim_item *item,
                                 const struct node *element)
{
    (void)call;
    (void)field;
    (void)item;
    (void)element;
    return NULL;
}

static const char *store_marker(struct call *call,
                                const struct form_field *field,
                                struct sim_item *item,
                                const struct node *element)
{
    const char *status = node_text(element, "FlagStatus");

    (void)call;
    (void)field;
    store_flag(item, status == NULL ? "NotFlagged" : status);
    return NULL;
}

/* clang-format off */
const struct form_field common_fields[] = {
    { { "item:ItemClass", "ItemClass", V07, ANY, NOTHING, NULL }, store_class },
    { { "item:Subject", "Subject", V07, ANY | SET_APPEND, TAG(0x0037, STRING), NULL }, NULL },
    { { "item:Sensitivity", "Sensitivity", V07, ANY, WORDS(NULL, 0x0036, sensitivities), NULL }, store_sensitivity },
    { { "item:Body", "Body", V07, ANY | SET_APPEND, NOTHING, NULL }, store_body },
    { { "item:Categories", "Categories", V07, ANY | SET_APPEND, NOTHING, NULL }, store_names },
    { { "item:Importance", "Importance", V07, ANY, WORDS(NULL, 0x0017, importances), NULL }, NULL },
    { { "item:InReplyTo", "InReplyTo", V07, ANY, TAG(0x1042, STRING), NULL }, NULL },
    { { "item:ReminderDueBy", "ReminderDueBy", V07, ANY, LID(COMMON, REMINDER_TIME, SYSTEM_TIME), NULL }, store_due },
    { { "item:ReminderIsSet", "ReminderIsSet", V07, ANY, NOTHING, NULL }, store_reminder },
    { { "item:ReminderMinutesBeforeStart", "ReminderMinutesBeforeStart", V07, ANY, NOTHING, NULL }, store_minutes },
    { { "item:Culture", "Culture", V07, ANY, NOTHING, NULL }, store_nothing },
    { { "item:Flag", "Flag", V13, ANY, NOTHING, NULL }, store_marker },
    END
};
/* clang-format on */
