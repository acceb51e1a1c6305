/*
 * task_corpus.c - the tables, and tasks out of them
 */
#include "tests/format/task_corpus.h"

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

/* clang-format off */
static const struct {
    const char *name;
    const char *lines;
} programs[] = {
    { "Thunderbird",   "SUMMARY:Buy flour\nDESCRIPTION:Rye\\, too\nX-MOZ-GENERATION:2\n" },
    { "Evolution",     "SUMMARY:Buy flour\nCLASS:CONFIDENTIAL\nURL:http://x.example/\nX-EVOLUTION-CALDAV-HREF:a\n" },
    { "Apple",         "SUMMARY:Buy flour\nLOCATION:Mill\nX-APPLE-SORT-ORDER:12\n" },
    { "Tasks.org",     "SUMMARY:Buy flour \xF0\x9F\x8D\x9E\nRELATED-TO;RELTYPE=PARENT:p\nX-APPLE-SORT-ORDER:3\n" },
    { "jtx Board",     "SUMMARY:Buy flour\nCATEGORIES:Home,Tea time\nCOLOR:blue\nRESOURCES:Oven\nCOMMENT:one\n" },
    { "KOrganizer",    "SUMMARY:Buy flour\nX-KDE-KCALCORE-ENTRY:true\nORGANIZER:mailto:ann@example.com\nGEO:48.2;16.3\n" },
}, states[] = {
    { "open",          "" },
    { "with days",     "DTSTART;VALUE=DATE:20270506\nDUE;VALUE=DATE:20270509\n" },
    { "with a day",    "DUE;VALUE=DATE:20270509\nPRIORITY:1\nSTATUS:NEEDS-ACTION\n" },
    { "at an hour",    "DUE:20270509T103000Z\nPRIORITY:3\n" },
    { "begun",         "STATUS:IN-PROCESS\nPERCENT-COMPLETE:30\nPRIORITY:9\n" },
    { "done",          "STATUS:COMPLETED\nPERCENT-COMPLETE:100\nCOMPLETED:20240507T103000Z\n" },
    { "not done",      "STATUS:CANCELLED\n" },
    { "daily",         "DTSTART;VALUE=DATE:20270506\nDUE;VALUE=DATE:20270506\nRRULE:FREQ=DAILY;COUNT=5\n" },
    { "monthly",       "DTSTART;VALUE=DATE:20270506\nDUE;VALUE=DATE:20270506\nRRULE:FREQ=MONTHLY;BYDAY=1TH\n" },
    { "remembered",    "DUE;VALUE=DATE:20270509\nBEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Buy\nTRIGGER;VALUE=DATE-TIME:20270508T080000Z\nEND:VALARM\n" },
};
/* clang-format on */

#define COUNT(table) (sizeof(table) / sizeof *(table))

size_t tasks_count(void)
{
    return COUNT(programs) * COUNT(states);
}

const char *tasks_text(struct arena *arena, size_t index, const char **name_out)
{
    size_t program = index % COUNT(programs), state = index / COUNT(programs);
    struct buf out;
    buf_init(&out, arena);
    *name_out = arena_printf(arena, "%zu: %s, %s", index,
                             programs[program].name, states[state].name);
    const char *text = arena_printf(
        arena,
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//%s//EN\nBEGIN:VTODO\n"
        "UID:task-%zu\nDTSTAMP:20270501T081500Z\n%s%sEND:VTODO\n"
        "END:VCALENDAR\n",
        programs[program].name, index, programs[program].lines,
        states[state].lines);
    for (; *text != '\0'; text++)
        buf_printf(&out, *text == '\n' ? "\r\n" : "%c", *text);
    return out.data;
}
