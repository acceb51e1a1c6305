/*
 * transfer.c - see transfer.h
 *
 * libcurl repeats a request by itself when a kept connection turns out to be
 * closed before a single octet of an answer has come.  That is fine for
 * reading; a message must not be sent twice for it.  So the body of a write
 * refuses to be rewound unless an answer (a challenge of NTLM) has come since
 * it went out.
 */
#include "proxy/exchange/http/transfer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"

#define PROGRESS_MS 1000

/* Longer pauses are not believed. */
#define LONGEST_PAUSE 300

static size_t on_read(char *out, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;

    if (transfer->body.position == 0)
        transfer->answered = false;
    long got = http_body_read(&transfer->body, out, size * count);
    if (got < 0)
        return CURL_READFUNC_ABORT;
    transfer->sent = transfer->body.position == http_body_size(&transfer->body);
    return (size_t)got;
}

static int on_seek(void *context, curl_off_t offset, int origin)
{
    struct transfer *transfer = context;

    if (origin != SEEK_SET || offset < 0)
        return CURL_SEEKFUNC_FAIL;
    if (transfer->call->write && transfer->body.position > 0 &&
        !transfer->answered)
        return CURL_SEEKFUNC_FAIL;
    transfer->body.position = (uint64_t)offset;
    transfer->sent = false;
    return CURL_SEEKFUNC_OK;
}

/* The value of a header line, trimmed, if it is this field. */
static char *field_value(struct transfer *transfer, const char *line,
                         size_t len, const char *name)
{
    size_t name_len = strlen(name);

    if (len <= name_len || strncasecmp(line, name, name_len) != 0)
        return NULL;
    struct arena *arena = transfer->op->arena;
    return str_trim(arena,
                    arena_strndup(arena, line + name_len, len - name_len));
}

static void read_retry_after(struct transfer *transfer, const char *value)
{
    uint64_t seconds;

    if (!str_to_u64(value, UINT32_MAX, &seconds)) {
        int64_t when = time_from_rfc5322(value);
        int64_t now = time_now();
        seconds = when != TIME_NONE && when > now ? (uint64_t)(when - now) : 0;
    }
    if (seconds > LONGEST_PAUSE)
        seconds = LONGEST_PAUSE;
    transfer->pause = (uint32_t)seconds * 1000;
}

/* "HTTP/1.1 200 OK" */
static void read_status(struct transfer *transfer, const char *line, size_t len)
{
    const char *space = memchr(line, ' ', len);
    size_t rest = space != NULL ? len - (size_t)(space - line) : 0;

    transfer->xml =
        transfer->call->get && rest > 3 && memcmp(space, " 200", 4) == 0;
    transfer->page_len = 0;
    transfer->speaks = rest > 3 && (memcmp(space, " 200", 4) == 0 ||
                                    memcmp(space, " 500", 4) == 0);
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t len = size * count;
    char *value;

    transfer->answered = true;
    if (len > 5 && strncasecmp(line, "HTTP/", 5) == 0)
        read_status(transfer, line, len);
    else if (!transfer->call->get &&
             (value = field_value(transfer, line, len, "Content-Type:")) !=
                 NULL)
        transfer->xml = transfer->speaks && strcasestr(value, "xml") != NULL &&
                        strcasestr(value, "html") == NULL;
    else if ((value = field_value(transfer, line, len, "Retry-After:")) != NULL)
        read_retry_after(transfer, value);
    else if ((value = field_value(transfer, line, len, "Date:")) != NULL)
        transfer->date = time_from_rfc5322(value);
    return len;
}

static void keep_page(struct transfer *transfer, const char *data, size_t len)
{
    size_t room = sizeof transfer->page - 1 - transfer->page_len;

    len = len < room ? len : room;
    memcpy(transfer->page + transfer->page_len, data, len);
    transfer->page_len += len;
    transfer->page[transfer->page_len] = '\0';
}

static size_t on_answer(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t len = size * count;

    if (!transfer->xml) {
        keep_page(transfer, data, len);
        return len;
    }
    if (!transfer->call->answer(transfer->call->context, data, len)) {
        transfer->enough = true;
        return CURL_WRITEFUNC_ERROR;
    }
    return len;
}

static int on_progress(void *context, curl_off_t down_total, curl_off_t down,
                       curl_off_t up_total, curl_off_t up)
{
    struct transfer *transfer = context;
    uint64_t now = time_monotonic_ms();

    (void)down_total, (void)down, (void)up_total, (void)up;
    if (op_cancelled(transfer->op))
        return 1;
    if (transfer->op->progress != NULL &&
        now - transfer->last_progress >= PROGRESS_MS) {
        transfer->last_progress = now;
        transfer->op->progress(transfer->op);
    }
    return 0;
}

static void set_up(struct transfer *transfer, CURL *handle)
{
    curl_easy_setopt(handle,
                     transfer->call->get ? CURLOPT_HTTPGET : CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)http_body_size(&transfer->body));
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(handle, CURLOPT_READDATA, transfer);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, transfer);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, transfer);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT,
                     transfer->call->fresh ? 1L : 0L);
}

void transfer_begin(struct transfer *transfer, struct op *op,
                    const struct http_call *call, CURL *handle)
{
    *transfer = (struct transfer){
        .op = op,
        .call = call,
        .body = { call->body, call->len, call->content, call->content_at, 0 },
        .date = TIME_NONE,
        .last_progress = time_monotonic_ms(),
    };
    set_up(transfer, handle);
}

void transfer_end(struct transfer *transfer, CURL *handle, CURLcode code)
{
    transfer->code = code;
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, NULL);
}

void transfer_run(struct transfer *transfer, struct op *op,
                  const struct http_call *call, CURL *handle)
{
    transfer_begin(transfer, op, call, handle);
    transfer_end(transfer, handle, curl_easy_perform(handle));
}
