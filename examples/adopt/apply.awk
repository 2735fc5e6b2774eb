# Applies the edits to one file: awk -v file=PATH -f apply.awk edits PATH
FNR == NR {
    if (/^file /) wanted = ($2 == file)
    else if (!wanted || /^#/ || /^$/) next
    else if (/^@ /) anchor[++edits] = substr($0, 3)
    else if (/^- /) cut[edits] = $2
    else if (/^\+/) text[edits] = text[edits] substr($0, 3) "\n"
    else { print "edits:" FNR ": neither `file`, `@`, `+` nor `-`" > "/dev/stderr"; exit bad = 1 }
    next
}
FNR == 1 { next_edit = 1 }
{
    line = $0
    indent = line
    sub(/[^ ].*/, "", indent)
    if (next_edit <= edits && index(substr(line, length(indent) + 1), anchor[next_edit]) == 1) {
        count = split(text[next_edit], lines, "\n")
        for (i = 1; i < count; i++) print (lines[i] == "" ? "" : indent lines[i])
        skip = cut[next_edit]
        next_edit++
    }
    if (skip > 0) skip--
    else print line
}
END {
    if (!bad && next_edit <= edits) {
        print file ": no line begins with `" anchor[next_edit] "`" > "/dev/stderr"
        bad = 1
    }
    exit bad
}
