/*
 * neomutt.c - neomutt on a terminal, driven by Expect
 */
#include "tests/clients/neomutt.h"

#include <stddef.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"

char *neomutt_drive(const struct harness *harness, const char *options,
                    const char *lines)
{
    const char *args[] = { "expect", "-f", "drive.exp", NULL };

    harness_write(harness, "drive.exp",
                  "set timeout 180\n"
                  "set stty_init \"rows 30 columns 100\"\n"
                  "spawn neomutt -n -F muttrc %s\n"
                  "proc see {text} {\n"
                  "    expect {\n"
                  "        -re $text {}\n"
                  "        timeout { puts \"\\nno $text\"; exit 1 }\n"
                  "        eof { puts \"\\nended before $text\"; exit 1 }\n"
                  "    }\n"
                  "}\n"
                  "%s\n"
                  "expect {\n"
                  "    eof {}\n"
                  "    timeout { puts \"\\ndoes not end\"; exit 1 }\n"
                  "}\n",
                  options, lines);
    return program_succeed(harness, args, NULL);
}
