"""LaTeX: the words, without the commands that set them."""

from tests.documents.extraction.reading import read, rows, shown

TEXT = r"""\documentclass[a4paper]{article}
\usepackage{graphicx}
\title{On \emph{Tides}} \author{Ann B\"ohm}
\begin{document}
\maketitle % a comment
\section{Neap tides}\label{s}
They are \textbf{weak}, see~\cite{bo}, 5\% \& $x^2$ -- so \texttt{a\_b}. Gr\"o{\ss}e.

\begin{itemize}
\item First \href{https://a.example}{place}
\item[Term] Second
\end{itemize}
\begin{table}\caption{Ports}
\begin{tabular}{l|r} \hline Port & Height \\ Brest & 7 \\ Malo & 12 \\ \end{tabular}
\end{table}
\begin{verbatim}
\raw{x} % kept
\end{verbatim}
\begin{equation} a = b \end{equation}
The \textsc{end}.
\end{document}
"""


def test_the_words_of_a_document_stand_without_commands() -> None:
    found = read(TEXT, "a.tex")
    assert shown(found) == [
        ("heading", "On Tides"),
        ("paragraph", "Ann Böhm"),
        ("heading", "Neap tides"),
        ("paragraph", "They are weak, see [bo], 5% & $x^2$ \u2013 so a_b. Größe."),
        ("list_item", "First place"),
        ("list_item", "Term"),
        ("list_item", "Second"),
        ("caption", "Ports"),
        ("table", "Port\tHeight\nBrest\t7\nMalo\t12"),
        ("code", "\\raw{x} % kept"),
        ("code", "a = b"),
        ("paragraph", "The end."),
    ]
    assert rows(found, 8)[0] == ["Port", "Height"]
    assert (found.title, found.metadata) == ("On Tides", {"author": "Ann Böhm"})
    assert [m.kind for m in found.marks] == ["bold", "code", "link"]


def test_a_part_of_a_document_is_read_like_one() -> None:
    assert shown(read("\\chapter{Tides}\nThey \\emph{rise}.\n\nAnd fall.", "a.tex")) == [
        ("heading", "Tides"),
        ("paragraph", "They rise."),
        ("paragraph", "And fall."),
    ]
