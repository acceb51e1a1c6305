/*
 * item_kind.c - what an item is by its content, and how that is read
 */
#include "tests/exchange/model.h"

#include <string.h>

#include "proxy/base/str.h"
#include "tests/exchange/letter.h"

/* clang-format off */
static const struct {
    const char *method;
    const char *class;
} meeting_classes[] = {
    { "REQUEST", "IPM.Schedule.Meeting.Request" },
    { "CANCEL",  "IPM.Schedule.Meeting.Canceled" },
};
/* clang-format on */

static const char *reply_class(const char *calendar)
{
    if (strcasestr(calendar, "PARTSTAT=DECLINED") != NULL)
        return "IPM.Schedule.Meeting.Resp.Neg";
    if (strcasestr(calendar, "PARTSTAT=TENTATIVE") != NULL)
        return "IPM.Schedule.Meeting.Resp.Tent";
    return "IPM.Schedule.Meeting.Resp.Pos";
}

static const char *meeting_class(struct arena *arena,
                                 const struct sim_content *content)
{
    struct letter_part *parts;
    size_t count = letter_parts(arena, content->data, content->len, &parts);

    for (size_t i = 0; i < count; i++) {
        if (!str_equal(parts[i].type, "text/calendar") ||
            parts[i].method == NULL)
            continue;
        if (str_equal_nocase(parts[i].method, "REPLY"))
            return reply_class(letter_part_text(arena, &parts[i]));
        for (size_t k = 0; k < sizeof meeting_classes / sizeof *meeting_classes;
             k++)
            if (str_equal_nocase(parts[i].method, meeting_classes[k].method))
                return meeting_classes[k].class;
    }
    return NULL;
}

const char *sim_item_class_of(const struct sim_content *content)
{
    struct arena *arena = arena_new();
    char *value =
        letter_field(arena, content->data, content->header_len, "Content-Type");
    char *type = value == NULL ? arena_strdup(arena, "text/plain")
                               : letter_media_type(arena, value);
    char *report =
        value == NULL ? NULL : letter_parameter(arena, value, "report-type");
    const char *class = "IPM.Note";
    const char *meeting;

    if (str_equal(type, "multipart/report"))
        class =
            str_equal_nocase(report, "delivery-status") ? "REPORT.IPM.Note.NDR"
            : str_equal_nocase(report, "disposition-notification") ? NULL
                                                                   : "IPM.Note";
    else if (str_equal(type, "multipart/signed"))
        class = "IPM.Note.SMIME.MultipartSigned";
    else if (strstr(type, "pkcs7-mime") != NULL)
        class = "IPM.Note.SMIME";
    else if ((meeting = meeting_class(arena, content)) != NULL)
        class = meeting;
    arena_free(&arena);
    return class;
}

uint32_t sim_item_size(const struct sim_item *item)
{
    /* The store counts properties, not the octets of a rendering. */
    return (uint32_t)(item->content->len + item->content->len / 8 + 417 +
                      item->serial % 61);
}

/* --- Rendering ----------------------------------------------------------- */

/* Copies content with every occurrence of one boundary replaced by another. */
static void render_boundary(const struct sim_content *content,
                            const char *boundary, const char *other,
                            struct buf *out)
{
    const char *at = content->data;
    const char *end = at + content->len;
    size_t len = strlen(boundary);

    while (at < end) {
        const char *found = memmem(at, (size_t)(end - at), boundary, len);

        if (found == NULL)
            found = end;
        buf_append(out, at, (size_t)(found - at));
        if (found < end)
            buf_puts(out, other);
        at = found < end ? found + len : end;
    }
}

void sim_item_render(struct sim_item *item, struct buf *out)
{
    struct exchange *exchange = item->folder->mailbox->exchange;
    const struct sim_content *content = item->content;
    struct arena *arena = arena_new();
    char *type =
        letter_field(arena, content->data, content->header_len, "Content-Type");
    char *boundary =
        type == NULL ? NULL : letter_parameter(arena, type, "boundary");
    uint64_t nth = exchange->rerender ? ++exchange->renderings : 0;

    if (nth == 0) {
        buf_append(out, content->data, content->len);
    } else if (boundary != NULL && *boundary != '\0') {
        render_boundary(content, boundary,
                        arena_printf(arena, "_%03llu_%.*s_",
                                     (unsigned long long)nth,
                                     (int)(8 + nth % 7), "9F3C51D0A7B2E864"),
                        out);
    } else {
        /* A single part has no boundary; its language comes and goes instead.
         */
        if (nth % 2 == 1)
            buf_puts(out, "Content-Language: en-US\r\n");
        buf_append(out, content->data, content->len);
    }
    arena_free(&arena);
}
