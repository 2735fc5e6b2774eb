//! The widgets, in the language of Slint.

slint::slint! {
    import { Button, HorizontalBox, LineEdit, ListView, ProgressIndicator, VerticalBox } from "std-widgets.slint";

    export enum Part { search, watch, stop, report, yes }

    export component WeatherWidgets inherits Window {
        title: "Weather";
        preferred-width: 420px;
        preferred-height: 580px;

        in-out property <string> city <=> search.text;
        in-out property <string> answer: "-";
        in-out property <float> share;
        in-out property <bool> asks;
        in property <[string]> rows;

        callback look-up(string);
        callback watch();
        callback stop();
        callback report();
        callback answered(bool);

        // The middle of a part, for the driver.
        public pure function place(part: Part) -> { x: length, y: length } {
            if part == Part.search {
                { x: search.absolute-position.x + search.width / 2, y: search.absolute-position.y + search.height / 2 }
            } else if part == Part.watch {
                { x: watch.absolute-position.x + watch.width / 2, y: watch.absolute-position.y + watch.height / 2 }
            } else if part == Part.stop {
                { x: stop.absolute-position.x + stop.width / 2, y: stop.absolute-position.y + stop.height / 2 }
            } else if part == Part.report {
                { x: report.absolute-position.x + report.width / 2, y: report.absolute-position.y + report.height / 2 }
            } else {
                { x: yes.absolute-position.x + yes.width / 2, y: yes.absolute-position.y + yes.height / 2 }
            }
        }

        VerticalBox {
            spacing: 6px;
            search := LineEdit {
                placeholder-text: "A city";
                edited(text) => { root.look-up(text); }
            }
            Text { text: root.answer; horizontal-alignment: center; }
            watch := Button { text: "Watch Oslo"; clicked => { root.watch(); } }
            stop := Button { text: "Stop"; clicked => { root.stop(); } }
            report := Button { text: "Report 21 °C in Rome"; clicked => { root.report(); } }
            ProgressIndicator { progress: root.share; }
            ListView {
                for row in root.rows: Text { text: row; height: 15px; font-size: 12px; horizontal-alignment: center; }
            }
        }
        Rectangle {
            visible: root.asks;
            background: #00000080;
            TouchArea {}
            Rectangle {
                width: 260px;
                height: 100px;
                border-radius: 8px;
                background: root.background;
                VerticalBox {
                    Text { text: "Report 21 °C in Rome?"; horizontal-alignment: center; }
                    HorizontalBox {
                        yes := Button { text: "Yes, report it"; clicked => { root.answered(true); } }
                        Button { text: "No"; clicked => { root.answered(false); } }
                    }
                }
            }
        }
    }

    export component OneOfMany inherits Window {
        title: "One of many";
        Text { text: "One of many"; }
    }
}
