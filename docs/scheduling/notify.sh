#!/bin/sh
# Called by `swp assess --notify-command "sh docs/scheduling/notify.sh"`: mails what somebody should know, and keeps quiet about
# an edition in which no verdict changed. Standard input, which the mail takes as its text, holds the summary as JSON.
[ "$SWP_STATUS" = published ] && [ "$SWP_VERDICTS_CHANGED" = 0 ] && exit 0
exec "${MAILER:-mail}" -s "Strategic assessment: $SWP_STATUS" "${NOTIFY:-analysts@council.example}"
