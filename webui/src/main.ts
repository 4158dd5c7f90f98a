import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { onSessionEnded, setLanguageSource } from './api/client';
import App from './App.vue';
import { i18n } from './i18n';
import { askToSignIn, router } from './router';
import './theme/main.css';
import { startTheme } from './theme/theme';

startTheme();
onSessionEnded(askToSignIn);
setLanguageSource(() => i18n.global.locale.value);
createApp(App).use(createPinia()).use(i18n).use(router).mount('#app');
